// The kinds of picture in the set, by name.

import { city, meadow, sunset } from './layouts.ts'
import type { Paint } from './paint.ts'
import type { Random } from './random.ts'
import { cross, ring, star } from './shapes.ts'
import { bricks, cells, checks, clouds, dots, stripes } from './textures.ts'

/** Makes one picture of a kind, with its own colours, size, place and angle. */
export type Kind = (random: Random) => Paint

export const KINDS: Readonly<Record<string, Kind>> = { bricks, cells, checks, city, clouds, cross, dots, meadow, ring, star, stripes, sunset }
