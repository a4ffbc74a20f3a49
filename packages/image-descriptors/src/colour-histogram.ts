// Colour histogram: which colours a picture has, and how much of each (Swain & Ballard, "Color Indexing", IJCV 1991).

import { definePlugin, type FeatureExtractor, type PluginFactory, type Tensor } from '@cbir/core'
import { z } from 'zod'
import { CONVERT, type ColourSpace, RANGES } from './colour-space.ts'
import { type Filled, MAX_DIMENSIONS, PACKAGE } from './config.ts'
import { type Descriptor, extractorOf } from './descriptor.ts'
import { cellsOf } from './grid.ts'
import { scaleToSum } from './normalise.ts'
import { countSchema, gridSchema } from './schemas.ts'
import { SPAN } from './steps.ts'

export interface ColourHistogramConfig {
  /** Default `hsv`. */
  readonly space?: ColourSpace | undefined
  /** Bins of each channel. Default [16, 4, 4], those of MPEG-7's Scalable Color (Manjunath et al., 2001). */
  readonly bins?: readonly [number, number, number] | undefined
  /**
   * Whether a pixel is shared out between the bins around it, in inverse proportion to the distance from their centres, so that a slight change
   * of colour makes a slight change of the vector. Default true.
   */
  readonly soft?: boolean | undefined
  /** Rows and columns of the grid; each cell has a histogram of its own. Default [1, 1], the picture as a whole. */
  readonly grid?: readonly [number, number] | undefined
}

const schema = z
  .strictObject({
    space: z.enum(['hsv', 'lab']).default('hsv'),
    bins: z.tuple([countSchema(256), countSchema(256), countSchema(256)]).default([16, 4, 4]),
    soft: z.boolean().default(true),
    grid: gridSchema.default([1, 1]),
  })
  .refine(({ bins, grid }) => dimensionsOf(bins, grid) <= MAX_DIMENSIONS, `bins × grid must give at most ${MAX_DIMENSIONS} numbers`)

function dimensionsOf(bins: readonly number[], grid: readonly number[]): number {
  return [...bins, ...grid].reduce((product, factor) => product * factor, 1)
}

/**
 * Colour histograms: `rows × columns × bins₁ × bins₂ × bins₃` numbers ≥ 0 with sum 1, each cell having the same share. Cells come row by row;
 * in a cell the last channel runs fastest. The distances that fit are `histogram-intersection` and `manhattan`.
 */
export const colourHistogram: PluginFactory<ColourHistogramConfig, Filled<ColourHistogramConfig>, FeatureExtractor<Tensor<'u8'>>> = definePlugin({
  kind: 'feature-extractor',
  interfaces: ['FeatureExtractor'],
  name: 'colour-histogram',
  package: PACKAGE,
  configSchema: schema,
  create: (config: Filled<ColourHistogramConfig>) => extractorOf('colour-histogram', 1, { ...config }, colourHistogramOf(config)),
})

/** The computation behind {@link colourHistogram}. */
export function colourHistogramOf({ space, bins, soft, grid }: Filled<ColourHistogramConfig>): Descriptor {
  const convert = CONVERT[space]
  const add = soft ? adderBySharing(space, bins) : adderByNearest(space, bins)
  const binCount = bins[0] * bins[1] * bins[2]
  return {
    dimensions: dimensionsOf(bins, grid),
    *describe({ data, height, width }, out) {
      const cells = cellsOf(grid, height, width)
      const colours = new Float32Array(3 * Math.min(width, SPAN))
      for (const [i, { top, bottom, left, right }] of cells.entries()) {
        const histogram = out.subarray(i * binCount, (i + 1) * binCount)
        for (let y = top; y < bottom; y++) {
          for (let x = left; x < right; x += SPAN) {
            const count = Math.min(SPAN, right - x)
            convert(data, (y * width + x) * 3, count, colours)
            add(colours, count, histogram)
            yield
          }
        }
        scaleToSum(histogram, 1 / cells.length)
      }
    },
  }
}

/** Adds `count` colours to a histogram. */
type Add = (colours: Float32Array, count: number, histogram: Float32Array) => void

/** Each pixel counts for the one bin that it lies in. */
function adderByNearest(space: ColourSpace, bins: readonly [number, number, number]): Add {
  const [n0, n1, n2] = bins
  const [[low0, scale0], [low1, scale1], [low2, scale2]] = scalesOf(space, bins)
  return (colours, count, histogram) => {
    for (let i = 0; i < count * 3; i += 3) {
      const b0 = Math.min(n0 - 1, Math.floor((colours[i]! - low0) * scale0))
      const b1 = Math.min(n1 - 1, Math.floor((colours[i + 1]! - low1) * scale1))
      const b2 = Math.min(n2 - 1, Math.floor((colours[i + 2]! - low2) * scale2))
      histogram[(b0 * n1 + b1) * n2 + b2]! += 1
    }
  }
}

/** Each pixel is shared between the two nearest bins of each channel. Hue goes round; the other channels end in their outermost bins. */
function adderBySharing(space: ColourSpace, bins: readonly [number, number, number]): Add {
  const [n0, n1, n2] = bins
  const [[low0, scale0], [low1, scale1], [low2, scale2]] = scalesOf(space, bins)
  const round = space === 'hsv'
  const stride0 = n1 * n2
  return (colours, count, histogram) => {
    for (let i = 0; i < count * 3; i += 3) {
      const p0 = (colours[i]! - low0) * scale0 - 0.5
      const p1 = (colours[i + 1]! - low1) * scale1 - 0.5
      const p2 = (colours[i + 2]! - low2) * scale2 - 0.5
      let i0 = Math.floor(p0)
      let i1 = Math.floor(p1)
      let i2 = Math.floor(p2)
      const f0 = p0 - i0
      const f1 = p1 - i1
      const f2 = p2 - i2
      let j0 = i0 + 1
      if (i0 < 0) i0 = round ? n0 - 1 : 0
      if (j0 >= n0) j0 = round ? 0 : n0 - 1
      const j1 = Math.min(n1 - 1, i1 + 1) * n2
      const j2 = Math.min(n2 - 1, i2 + 1)
      i1 = Math.max(0, i1) * n2
      i2 = Math.max(0, i2)
      i0 *= stride0
      j0 *= stride0
      const a = (1 - f0) * (1 - f1)
      const b = (1 - f0) * f1
      const c = f0 * (1 - f1)
      const d = f0 * f1
      const e2 = 1 - f2
      histogram[i0 + i1 + i2]! += a * e2
      histogram[i0 + i1 + j2]! += a * f2
      histogram[i0 + j1 + i2]! += b * e2
      histogram[i0 + j1 + j2]! += b * f2
      histogram[j0 + i1 + i2]! += c * e2
      histogram[j0 + i1 + j2]! += c * f2
      histogram[j0 + j1 + i2]! += d * e2
      histogram[j0 + j1 + j2]! += d * f2
    }
  }
}

/** For each channel its lowest value, and bins per unit. */
function scalesOf(space: ColourSpace, bins: readonly [number, number, number]): [[number, number], [number, number], [number, number]] {
  const scales = RANGES[space].map(([low, high], channel) => [low, bins[channel]! / (high - low)])
  return scales as [[number, number], [number, number], [number, number]]
}
