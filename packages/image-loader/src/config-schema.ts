// The schema of the configuration: a preset is filled in, every default too, and settings that contradict each other are refused.

import { z } from 'zod'
import type { ImageLoaderSettings, Resize } from './image-loader-config.ts'
import { PRESETS } from './presets.ts'

const pixels = z.int().min(1).max(1_000_000)
// JSON has no -0, and the full form must come back from JSON as it was.
const number = z.number().overwrite((value) => value + 0)
const level = z
  .int()
  .min(0)
  .max(255)
  .overwrite((value) => value + 0)
const rgb = z.tuple([level, level, level])
const size = z.strictObject({ width: pixels, height: pixels })

const RESIZE_MODES = 'exactly one of shorterSide, exact, inside, letterbox'
const resize = z
  .strictObject({ shorterSide: pixels.optional(), exact: size.optional(), inside: size.optional(), letterbox: size.optional() })
  .transform((given, context): Resize => {
    const [only, ...others] = Object.entries(given).filter(([, value]) => value !== undefined)
    if (only && others.length === 0) return { [only[0]]: only[1] } as unknown as Resize
    context.addIssue({ code: 'custom', message: `must have ${RESIZE_MODES}` })
    return z.NEVER
  })

const perChannel = z.union([number, z.array(number).min(1).max(3)])

const written = z.strictObject({
  preset: z.enum(Object.keys(PRESETS) as (keyof typeof PRESETS)[]).optional(),
  orient: z.boolean().optional(),
  colourProfile: z.enum(['apply', 'ignore']).optional(),
  background: rgb.optional(),
  resize: resize.nullable().optional(),
  kernel: z.enum(['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3']).optional(),
  enlarge: z.boolean().optional(),
  fastShrinkOnLoad: z.boolean().optional(),
  crop: size.nullable().optional(),
  padColour: rgb.optional(),
  channels: z.enum(['rgb', 'bgr', 'grey']).optional(),
  dtype: z.enum(['u8', 'f32']).optional(),
  scale: number.optional(),
  mean: perChannel.optional(),
  std: perChannel.optional(),
  layout: z.enum(['nchw', 'nhwc']).optional(),
  failOn: z.enum(['none', 'truncated', 'error', 'warning']).optional(),
  limitInputPixels: z.int().min(1).optional(),
  concurrency: z.union([z.literal('auto'), z.int().min(1).max(1024)]).optional(),
})

type Written = z.output<typeof written>

const DEFAULTS = {
  orient: true,
  colourProfile: 'apply',
  background: [255, 255, 255],
  resize: null,
  kernel: 'linear',
  enlarge: true,
  fastShrinkOnLoad: false,
  crop: null,
  padColour: [0, 0, 0],
  channels: 'rgb',
  dtype: 'u8',
  scale: 1,
  mean: 0,
  std: 1,
  layout: 'nhwc',
  failOn: 'truncated',
  // sharp's own limit, as a number, so that the configuration says it.
  limitInputPixels: 0x3fff * 0x3fff,
  concurrency: 'auto',
} as const

type Filled = Omit<ImageLoaderSettings, 'mean' | 'std'> & { readonly mean: number | readonly number[]; readonly std: number | readonly number[] }

function fill({ preset, ...own }: Written): Filled {
  const given = Object.entries(own).filter(([, value]) => value !== undefined)
  return { ...DEFAULTS, ...(preset === undefined ? {} : PRESETS[preset]), ...Object.fromEntries(given) } as Filled
}

/** What is wrong with settings that are each valid alone: path and message. */
function contradictions(settings: ImageLoaderSettings): [path: string, message: string][] {
  const { resize, crop, enlarge, channels, dtype, scale, mean, std } = settings
  const found: [string, string][] = []
  if (crop && resize && 'letterbox' in resize) found.push(['crop', 'must be null beside resize.letterbox, which already gives an exact size'])
  if (resize && 'exact' in resize && !enlarge)
    found.push(['enlarge', 'must be true with resize.exact; use resize.inside to keep small pictures small'])
  const count = channels === 'grey' ? 1 : 3
  for (const [name, values] of Object.entries({ mean, std })) {
    if (values.length !== count) found.push([name, `must be one number, or ${count} for channels "${channels}"; got ${values.length}`])
  }
  if (std.some((value) => value <= 0)) found.push(['std', 'must be positive'])
  if (dtype === 'u8' && !(scale === 1 && mean.every((value) => value === 0) && std.every((value) => value === 1))) {
    found.push(['dtype', 'must be "f32" to hold scaled values; with "u8" leave out scale, mean and std (or set them to 1, 0 and 1)'])
  }
  return found
}

/** Parses what a person wrote into the full form; parsing that again changes nothing. */
export const configSchema: z.ZodType<ImageLoaderSettings, unknown> = written.transform((own, context): ImageLoaderSettings => {
  const filled = fill(own)
  const count = filled.channels === 'grey' ? 1 : 3
  const each = (value: number | readonly number[]): readonly number[] => (typeof value === 'number' ? new Array<number>(count).fill(value) : value)
  const settings = { ...filled, mean: each(filled.mean), std: each(filled.std) }
  for (const [path, message] of contradictions(settings)) context.addIssue({ code: 'custom', path: [path], message })
  return settings
})
