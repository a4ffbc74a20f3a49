// Local binary patterns: the texture of a picture (Ojala, Pietikäinen & Mäenpää, "Multiresolution Gray-Scale and Rotation Invariant Texture
// Classification with Local Binary Patterns", PAMI 2002).

import { definePlugin, type FeatureExtractor, type PluginFactory, type Tensor } from '@cbir/core'
import { z } from 'zod'
import { type Filled, MAX_DIMENSIONS, PACKAGE } from './config.ts'
import { type Descriptor, extractorOf } from './descriptor.ts'
import { cellsOf } from './grid.ts'
import { circlePoints, type LbpRing, marginOf, writeCodes } from './lbp-codes.ts'
import { greyOf } from './luma.ts'
import { scaleToSum } from './normalise.ts'
import { gridSchema } from './schemas.ts'
import { SPAN } from './steps.ts'

export interface LocalBinaryPatternsConfig {
  /** Each ring has a histogram of its own. Default radius 1 with 8 points and radius 2 with 16. The paper adds radius 3 with 24 points, at twice the time. */
  readonly rings?: readonly LbpRing[] | undefined
  /**
   * `riu2` (default): uniform patterns by their number of ones, whatever way they are turned; points + 2 bins.
   * `u2`: uniform patterns that also keep their direction; points × (points - 1) + 3 bins.
   * In both, all patterns with more than two changes round the circle share the last bin.
   */
  readonly mapping?: 'riu2' | 'u2' | undefined
  /** Rows and columns of the grid; each cell has histograms of its own. Default [1, 1], the picture as a whole. */
  readonly grid?: readonly [number, number] | undefined
}

const schema = z
  .strictObject({
    rings: z
      .array(z.strictObject({ radius: z.number().min(1).max(16), points: z.int().min(4).max(24).multipleOf(4) }))
      .min(1)
      .max(8)
      .default([
        { radius: 1, points: 8 },
        { radius: 2, points: 16 },
      ]),
    mapping: z.enum(['riu2', 'u2']).default('riu2'),
    grid: gridSchema.default([1, 1]),
  })
  .refine((config) => dimensionsOf(config) <= MAX_DIMENSIONS, `rings × grid must give at most ${MAX_DIMENSIONS} numbers`)

function binsOf(points: number, mapping: 'riu2' | 'u2'): number {
  return mapping === 'riu2' ? points + 2 : points * (points - 1) + 3
}

function dimensionsOf({ rings, mapping, grid }: Filled<LocalBinaryPatternsConfig>): number {
  return grid[0] * grid[1] * rings.reduce((sum, { points }) => sum + binsOf(points, mapping), 0)
}

/**
 * Histograms of local binary patterns: numbers ≥ 0 with sum 1, each cell and each ring having the same share; cells row by row, in a cell ring after
 * ring (28 numbers by default). Points between pixels are interpolated; beyond the edge the picture goes on with its outermost pixels. They do not
 * change when brightness or contrast of the whole picture change, and with `riu2` not when it is turned by 90°. The distances that fit are
 * `histogram-intersection` and `manhattan`.
 */
export const localBinaryPatterns: PluginFactory<
  LocalBinaryPatternsConfig,
  Filled<LocalBinaryPatternsConfig>,
  FeatureExtractor<Tensor<'u8'>>
> = definePlugin({
  kind: 'feature-extractor',
  interfaces: ['FeatureExtractor'],
  name: 'local-binary-patterns',
  package: PACKAGE,
  configSchema: schema,
  create: (config: Filled<LocalBinaryPatternsConfig>) => extractorOf('local-binary-patterns', 1, { ...config }, localBinaryPatternsOf(config)),
})

/** The computation behind {@link localBinaryPatterns}. */
export function localBinaryPatternsOf(config: Filled<LocalBinaryPatternsConfig>): Descriptor {
  const { mapping, grid } = config
  const rings = config.rings.map((ring) => ({
    points: ring.points,
    bins: binsOf(ring.points, mapping),
    circle: circlePoints(ring),
    count: counter(ring.points, mapping),
  }))
  const margin = Math.max(...config.rings.map(marginOf))
  return {
    dimensions: dimensionsOf(config),
    *describe(picture, out) {
      const grey = yield* greyOf(picture, margin)
      const cells = cellsOf(grid, picture.height, picture.width)
      const codes = new Int32Array(Math.min(picture.width, SPAN))
      let at = 0
      for (const { top, bottom, left, right } of cells) {
        for (const { bins, circle, count } of rings) {
          const histogram = out.subarray(at, at + bins)
          at += bins
          for (let y = top; y < bottom; y++) {
            for (let x = left; x < right; x += SPAN) {
              const pixels = Math.min(SPAN, right - x)
              writeCodes(grey.data, grey.stride, (y + margin) * grey.stride + margin + x, pixels, circle, codes)
              count(codes, pixels, histogram)
              yield
            }
          }
          scaleToSum(histogram, 1 / (cells.length * rings.length))
        }
      }
    },
  }
}

/** Adds patterns to a histogram. */
type Count = (codes: Int32Array, count: number, histogram: Float32Array) => void

function counter(points: number, mapping: 'riu2' | 'u2'): Count {
  const top = points - 1
  const full = 2 ** points - 1
  const binOf = (code: number): number => {
    const previous = ((code << 1) & full) | (code >>> top)
    const ones = onesOf(code)
    if (onesOf(code ^ previous) > 2) return mapping === 'riu2' ? points + 1 : points * top + 2
    if (mapping === 'riu2' || ones === 0) return ones
    if (ones === points) return points * top + 1
    const start = 31 - Math.clz32(code & ~previous)
    return 1 + (ones - 1) * points + start
  }
  // Up to 16 points all patterns fit into a table; 2²⁴ of them would not pay.
  const table = points <= 16 ? Uint16Array.from({ length: full + 1 }, (_, code) => binOf(code)) : undefined
  if (table) {
    return (codes, count, histogram) => {
      for (let i = 0; i < count; i++) histogram[table[codes[i]!]!]! += 1
    }
  }
  return (codes, count, histogram) => {
    for (let i = 0; i < count; i++) histogram[binOf(codes[i]!)]! += 1
  }
}

/** How many bits of a 32-bit number are 1. */
function onesOf(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555)
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
