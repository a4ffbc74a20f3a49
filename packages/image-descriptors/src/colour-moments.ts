// Colour moments: how the colours of a picture are spread, in nine numbers (Stricker & Orengo, "Similarity of Color Images", SPIE 1995).

import { definePlugin, type FeatureExtractor, type PluginFactory, type Tensor } from '@cbir/core'
import { z } from 'zod'
import { CONVERT, type ColourSpace } from './colour-space.ts'
import { type Filled, PACKAGE } from './config.ts'
import { type Descriptor, extractorOf } from './descriptor.ts'
import { cellsOf } from './grid.ts'
import { gridSchema } from './schemas.ts'
import { SPAN } from './steps.ts'

export interface ColourMomentsConfig {
  /** Default `lab`. The paper has `hsv`, where reds fall on both ends of the hue, which has no mean; here hue counts in turns from 0 to 1. */
  readonly space?: ColourSpace | undefined
  /** Rows and columns of the grid; each cell has moments of its own. Default [1, 1], the picture as a whole. */
  readonly grid?: readonly [number, number] | undefined
}

const schema = z.strictObject({
  space: z.enum(['hsv', 'lab']).default('lab'),
  grid: gridSchema.default([1, 1]),
})

/**
 * Colour moments: `rows × columns × 9` numbers. For each cell, row by row, and in it for each channel: the mean, the standard deviation, and the
 * cube root of the third central moment, in the unit of the channel. HSV channels lie in 0 … 1; L*, a* and b* are divided by 100. The distances
 * that fit are `manhattan` (the paper's, there weighted) and `euclidean`.
 */
export const colourMoments: PluginFactory<ColourMomentsConfig, Filled<ColourMomentsConfig>, FeatureExtractor<Tensor<'u8'>>> = definePlugin({
  kind: 'feature-extractor',
  interfaces: ['FeatureExtractor'],
  name: 'colour-moments',
  package: PACKAGE,
  configSchema: schema,
  create: (config: Filled<ColourMomentsConfig>) => extractorOf('colour-moments', 1, { ...config }, colourMomentsOf(config)),
})

/** The computation behind {@link colourMoments}. */
export function colourMomentsOf({ space, grid }: Filled<ColourMomentsConfig>): Descriptor {
  const convert = CONVERT[space]
  const unit = space === 'lab' ? 100 : 1
  return {
    dimensions: grid[0] * grid[1] * 9,
    *describe({ data, height, width }, out) {
      const colours = new Float32Array(3 * Math.min(width, SPAN))
      for (const [i, { top, bottom, left, right }] of cellsOf(grid, height, width).entries()) {
        const sums = new PowerSums()
        for (let y = top; y < bottom; y++) {
          for (let x = left; x < right; x += SPAN) {
            const count = Math.min(SPAN, right - x)
            convert(data, (y * width + x) * 3, count, colours)
            sums.add(colours, count)
            yield
          }
        }
        sums.write(out.subarray(i * 9, (i + 1) * 9), unit)
      }
    },
  }
}

/**
 * Sums of the first three powers of three channels. They are taken about the first pixel, not about 0: so the moments of a plain picture are
 * exactly 0, and nothing is lost where the spread is small beside the mean.
 */
class PowerSums {
  private readonly sums = new Float64Array(9)
  private readonly origin = new Float64Array(3)
  private count = 0

  add(colours: Float32Array, count: number): void {
    if (this.count === 0) this.origin.set(colours.subarray(0, 3))
    this.count += count
    for (let channel = 0; channel < 3; channel++) {
      const origin = this.origin[channel]!
      let first = 0
      let second = 0
      let third = 0
      for (let i = channel; i < count * 3; i += 3) {
        const x = colours[i]! - origin
        first += x
        second += x * x
        third += x * x * x
      }
      this.sums[channel * 3]! += first
      this.sums[channel * 3 + 1]! += second
      this.sums[channel * 3 + 2]! += third
    }
  }

  /** Mean, standard deviation and cube root of the third central moment of each channel, divided by `unit`. */
  write(out: Float32Array, unit: number): void {
    for (let channel = 0; channel < 3; channel++) {
      const at = channel * 3
      const mean = this.sums[at]! / this.count
      const square = this.sums[at + 1]! / this.count
      const cube = this.sums[at + 2]! / this.count
      out[at] = (this.origin[channel]! + mean) / unit
      out[at + 1] = Math.sqrt(Math.max(0, square - mean * mean)) / unit
      out[at + 2] = Math.cbrt(cube - 3 * mean * square + 2 * mean ** 3) / unit
    }
  }
}
