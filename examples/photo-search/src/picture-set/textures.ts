// Textures: patterns that fill the picture, in two colours, at any angle.

import { fractalNoise, latticeValue } from './lattice.ts'
import { contrastingColours, mix, type Paint, place, smooth } from './paint.ts'
import type { Random } from './random.ts'

/** How far x is into its unit, 0 … 1. */
const fraction = (x: number): number => x - Math.floor(x)

export function stripes(random: Random): Paint {
  const [a, b] = contrastingColours(random, 0.85)
  const width = random.between(0.35, 0.65)
  return place((x) => mix(a, b, smooth(width - 0.06, width + 0.06, Math.abs(2 * fraction(x) - 1))), random, [3, 8], Math.PI)
}

export function checks(random: Random): Paint {
  const [a, b] = contrastingColours(random, 0.12)
  return place((x, y) => ((Math.floor(x) + Math.floor(y)) % 2 === 0 ? a : b), random, [3, 7], Math.PI)
}

export function dots(random: Random): Paint {
  const [a, b] = contrastingColours(random, 0.95)
  const radius = random.between(0.22, 0.36)
  const dot: Paint = (x, y) => {
    const u = fraction(x) - 0.5
    const v = fraction(y) - 0.5
    return mix(a, b, smooth(radius - 0.04, radius + 0.04, Math.sqrt(u * u + v * v)))
  }
  return place(dot, random, [3, 8], Math.PI)
}

export function bricks(random: Random): Paint {
  const [stone, mortar] = contrastingColours(random, 0.05)
  const joint = random.between(0.05, 0.1)
  const seed = random.integer(0, 1e6)
  const brick: Paint = (x, y) => {
    const row = Math.floor(y)
    const along = x / 2 + (row % 2 === 0 ? 0 : 0.5)
    const edge = Math.min(fraction(y), 1 - fraction(y), 2 * fraction(along), 2 - 2 * fraction(along))
    const shade = 0.7 + 0.3 * latticeValue(Math.floor(along), row, seed)
    return mix(mortar, mix([0, 0, 0], stone, shade), smooth(joint, joint + 0.05, edge))
  }
  return place(brick, random, [3, 7], Math.PI / 8)
}

export function clouds(random: Random): Paint {
  const [a, b] = contrastingColours(random, 0.6)
  const seed = random.integer(0, 1e6)
  return place((x, y) => mix(a, b, smooth(0.3, 0.7, fractalNoise(x, y, seed))), random, [1, 2.5], Math.PI)
}

/** Worley's cellular texture (1996): how much nearer the nearest of scattered points is than the second. */
export function cells(random: Random): Paint {
  const [a, b] = contrastingColours(random, 0.3)
  const seed = random.integer(0, 1e6)
  const cell: Paint = (x, y) => {
    let nearest = Number.POSITIVE_INFINITY
    let second = Number.POSITIVE_INFINITY
    for (let row = Math.floor(y) - 1; row <= Math.floor(y) + 1; row++) {
      for (let column = Math.floor(x) - 1; column <= Math.floor(x) + 1; column++) {
        const dx = column + latticeValue(column, row, seed) - x
        const dy = row + latticeValue(column, row, seed + 1) - y
        const distance = Math.sqrt(dx * dx + dy * dy)
        second = Math.min(second, Math.max(nearest, distance))
        nearest = Math.min(nearest, distance)
      }
    }
    return mix(a, b, smooth(0.04, 0.12, second - nearest))
  }
  return place(cell, random, [2, 5], Math.PI)
}
