// Histograms of oriented gradients: the shape of what is in a picture (Dalal & Triggs, "Histograms of Oriented Gradients for Human Detection", CVPR 2005).

import { definePlugin, type FeatureExtractor, type PluginFactory, type Tensor } from '@cbir/core'
import { z } from 'zod'
import { type Filled, MAX_DIMENSIONS, PACKAGE } from './config.ts'
import { type Descriptor, extractorOf } from './descriptor.ts'
import { resample } from './resample.ts'
import { countSchema } from './schemas.ts'
import type { Steps } from './steps.ts'

export interface HogConfig {
  /** Height and width in pixels to which every picture is stretched first; multiples of `cell`. Default [64, 64]. */
  readonly window?: readonly [number, number] | undefined
  /** Side of a cell in pixels. Default 8. */
  readonly cell?: number | undefined
  /** Side of a block in cells; blocks overlap, one begins at each cell. Default 2. */
  readonly block?: number | undefined
  /** Bins of the direction. Default 9. */
  readonly orientations?: number | undefined
  /** Whether dark-to-light differs from light-to-dark: bins over 360° and not 180°. Default false. */
  readonly signed?: boolean | undefined
  /** Largest number in a block before its second normalisation. Default 0.2. */
  readonly clip?: number | undefined
}

const schema = z
  .strictObject({
    window: z.tuple([countSchema(1024), countSchema(1024)]).default([64, 64]),
    cell: countSchema(256).default(8),
    block: countSchema(16).default(2),
    orientations: countSchema(72).default(9),
    signed: z.boolean().default(false),
    clip: z.number().gt(0).max(1).default(0.2),
  })
  .refine(({ window, cell }) => window.every((side) => side % cell === 0), 'both sides of window must be multiples of cell')
  .refine(({ window, cell, block }) => window.every((side) => side >= cell * block), 'window must hold at least one block of block × cell pixels')
  .refine((config) => dimensionsOf(config) <= MAX_DIMENSIONS, `the blocks must give at most ${MAX_DIMENSIONS} numbers`)

function blocksOf({ window, cell, block }: Pick<Filled<HogConfig>, 'window' | 'cell' | 'block'>): [number, number] {
  return [window[0] / cell - block + 1, window[1] / cell - block + 1]
}

function dimensionsOf(config: Pick<Filled<HogConfig>, 'window' | 'cell' | 'block' | 'orientations'>): number {
  const [rows, columns] = blocksOf(config)
  return rows * columns * config.block ** 2 * config.orientations
}

/**
 * Histograms of oriented gradients: `blocks × block² × orientations` numbers in 0 … 1 (1764 by default), the blocks row by row, in each its cells
 * row by row. Gradients are [-1, 0, 1] of the channel where they are largest; votes are shared between neighbouring directions and cells and
 * weighted by a Gaussian over the block, blocks normalised by L2-Hys, all as in the paper. A picture without edges gives zeros. The distances that
 * fit are `euclidean` and `cosine`.
 */
export const hog: PluginFactory<HogConfig, Filled<HogConfig>, FeatureExtractor<Tensor<'u8'>>> = definePlugin({
  kind: 'feature-extractor',
  interfaces: ['FeatureExtractor'],
  name: 'hog',
  package: PACKAGE,
  configSchema: schema,
  create: (config: Filled<HogConfig>) => extractorOf('hog', 1, { ...config }, hogOf(config)),
})

/** The computation behind {@link hog}. */
export function hogOf(config: Filled<HogConfig>): Descriptor {
  const { window, cell, block, orientations, clip } = config
  const [rows, columns] = blocksOf(config)
  const votes = blockVotes(cell, block)
  const length = block * block * orientations
  return {
    dimensions: dimensionsOf(config),
    *describe({ data, height, width }, out) {
      const pixels = yield* resample(data, [height, width, 3], window)
      const gradients = yield* gradientsOf(pixels, window, config)
      for (let row = 0, at = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++, at += length) {
          const histogram = out.subarray(at, at + length)
          addBlock(gradients, (row * window[1] + column) * cell, window[1], votes, orientations, histogram)
          normaliseL2Hys(histogram, clip)
          yield
        }
      }
    },
  }
}

/** Of each pixel: the strength of its gradient, the lower of the two bins between which it votes, and the share of the upper one. */
interface Gradients {
  readonly magnitude: Float32Array
  readonly bin: Uint8Array
  readonly share: Float32Array
}

function* gradientsOf(
  pixels: Float32Array,
  [height, width]: readonly [number, number],
  { orientations, signed }: Filled<HogConfig>,
): Steps<Gradients> {
  const magnitude = new Float32Array(height * width)
  const bin = new Uint8Array(height * width)
  const share = new Float32Array(height * width)
  const binsPerRadian = orientations / (signed ? 2 * Math.PI : Math.PI)
  for (let y = 0; y < height; y++) {
    const above = (y > 0 ? y - 1 : y) * width
    const below = (y < height - 1 ? y + 1 : y) * width
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      const left = (x > 0 ? i - 1 : i) * 3
      const right = (x < width - 1 ? i + 1 : i) * 3
      let dx = 0
      let dy = 0
      let strongest = 0
      for (let channel = 0; channel < 3; channel++) {
        const cx = pixels[right + channel]! - pixels[left + channel]!
        const cy = pixels[(below + x) * 3 + channel]! - pixels[(above + x) * 3 + channel]!
        const strength = cx * cx + cy * cy
        if (strength <= strongest) continue
        strongest = strength
        dx = cx
        dy = cy
      }
      let angle = Math.atan2(dy, dx)
      if (angle < 0) angle += signed ? 2 * Math.PI : Math.PI
      const position = angle * binsPerRadian - 0.5
      const lower = Math.floor(position)
      magnitude[i] = Math.sqrt(strongest)
      bin[i] = (lower + orientations) % orientations
      share[i] = position - lower
    }
    yield
  }
  return { magnitude, bin, share }
}

/** How the pixels of a block vote: for each pixel the weight with which it counts in each cell of the block. */
interface BlockVotes {
  readonly side: number
  readonly cells: number
  /** [side, side, cells], row-major. */
  readonly weights: Float32Array
}

/** Bilinear in position between the centres of the cells, times a Gaussian whose deviation is half the block's side. */
function blockVotes(cell: number, block: number): BlockVotes {
  const side = cell * block
  const cells = block * block
  const weights = new Float32Array(side * side * cells)
  const gaussian = (i: number): number => Math.exp(-((i - (side - 1) / 2) ** 2) / (2 * (side / 2) ** 2))
  const nearness = (i: number, c: number): number => Math.max(0, 1 - Math.abs((i + 0.5) / cell - 0.5 - c))
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      for (let c = 0; c < cells; c++) {
        const position = nearness(y, Math.floor(c / block)) * nearness(x, c % block)
        weights[(y * side + x) * cells + c] = position * gaussian(y) * gaussian(x)
      }
    }
  }
  return { side, cells, weights }
}

function addBlock(gradients: Gradients, start: number, stride: number, votes: BlockVotes, orientations: number, histogram: Float32Array): void {
  const { magnitude, bin, share } = gradients
  const { side, cells, weights } = votes
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const i = start + y * stride + x
      const strength = magnitude[i]!
      if (strength === 0) continue
      const lower = bin[i]!
      const upper = lower + 1 === orientations ? 0 : lower + 1
      const toUpper = strength * share[i]!
      const toLower = strength - toUpper
      const at = (y * side + x) * cells
      for (let c = 0; c < cells; c++) {
        const weight = weights[at + c]!
        if (weight === 0) continue
        histogram[c * orientations + lower]! += weight * toLower
        histogram[c * orientations + upper]! += weight * toUpper
      }
    }
  }
}

/**
 * L2-Hys: to length 1, cut at `clip`, to length 1 again. The small constant (a tenth of a grey level for each number) keeps the noise of an
 * all but flat block from being blown up to full size.
 */
function normaliseL2Hys(histogram: Float32Array, clip: number): void {
  const scaleOf = (regulariser: number): number => {
    let squares = 0
    for (let i = 0; i < histogram.length; i++) squares += histogram[i]! * histogram[i]!
    return 1 / (Math.sqrt(squares) + regulariser)
  }
  const first = scaleOf(0.1 * histogram.length)
  for (let i = 0; i < histogram.length; i++) histogram[i] = Math.min(clip, histogram[i]! * first)
  const second = scaleOf(1e-3)
  for (let i = 0; i < histogram.length; i++) histogram[i]! *= second
}
