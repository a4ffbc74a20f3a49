// Perceptual hash: 64 bits that stay the same when a picture is scaled or compressed again, for finding copies (the DCT hash of pHash; Zauner,
// "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010).

import {
  type BitBatch,
  bitBatch,
  checkBatchShape,
  definePlugin,
  type FeatureExtractor,
  type PluginFactory,
  type Tensor,
  type VectorBatch,
} from '@cbir/core'
import { z } from 'zod'
import { type Filled, PACKAGE } from './config.ts'
import { type Descriptor, extractorOf } from './descriptor.ts'
import { greyOf } from './luma.ts'
import { resample } from './resample.ts'

export interface PerceptualHashConfig {
  /** The hash has size² bits. 2 … 32, default 8: 64 bits. */
  readonly size?: number | undefined
}

const schema = z.strictObject({ size: z.int().min(2).max(32).default(8) })

/**
 * Perceptual hash: size² numbers that are 0 or 1 (64 by default), row by row. The picture is made grey and shrunk to 4·size × 4·size; of its
 * discrete cosine transform (DCT-II) the size × size lowest frequencies count, the constant row and column left out; a bit says whether its
 * coefficient is above their median. A plain picture gives zeros. The distance that fits is `hamming`: copies differ in less than about a tenth
 * of the bits, unrelated pictures in about half. {@link hashBits} packs the vectors.
 */
export const perceptualHash: PluginFactory<PerceptualHashConfig, Filled<PerceptualHashConfig>, FeatureExtractor<Tensor<'u8'>>> = definePlugin({
  kind: 'feature-extractor',
  interfaces: ['FeatureExtractor'],
  name: 'perceptual-hash',
  package: PACKAGE,
  configSchema: schema,
  create: (config: Filled<PerceptualHashConfig>) => extractorOf('perceptual-hash', 1, { ...config }, perceptualHashOf(config)),
})

/**
 * The vectors of {@link perceptualHash} as packed bits, 64 of them in 8 bytes, for hash indexes: bit j is 1 where number j is at least ½.
 * @throws CbirError INVALID_ARGUMENT where `vectors` is not a batch
 */
export function hashBits(vectors: VectorBatch): BitBatch {
  checkBatchShape(vectors)
  const batch = bitBatch(vectors.count, vectors.dimensions)
  for (let row = 0, i = 0; row < vectors.count; row++) {
    for (let j = 0; j < vectors.dimensions; j++, i++) {
      if (vectors.data[i]! >= 0.5) batch.data[row * batch.stride + (j >> 3)]! |= 1 << (j & 7)
    }
  }
  return batch
}

/** Coefficients of a plain picture are rounding errors; below this (in grey levels) they are 0. */
const ROUNDING = 1e-3

/** The computation behind {@link perceptualHash}. */
export function perceptualHashOf({ size }: Filled<PerceptualHashConfig>): Descriptor {
  const side = size * 4
  const cosines = cosineTable(size, side)
  return {
    dimensions: size * size,
    *describe(picture, out) {
      const grey = yield* greyOf(picture, 0)
      const small = yield* resample(grey.data, [picture.height, picture.width, 1], [side, side])
      const coefficients = lowFrequencies(small, size, side, cosines)
      const median = medianOf(coefficients)
      for (let i = 0; i < out.length; i++) out[i] = coefficients[i]! > median ? 1 : 0
    },
  }
}

/** Rows 1 … size of the orthonormal DCT-II of length `side`. */
function cosineTable(size: number, side: number): Float64Array {
  const table = new Float64Array(size * side)
  for (let u = 0; u < size; u++) {
    for (let x = 0; x < side; x++) table[u * side + x] = Math.sqrt(2 / side) * Math.cos((Math.PI * (u + 1) * (2 * x + 1)) / (2 * side))
  }
  return table
}

/** The coefficients (v, u), 1 ≤ v, u ≤ size, row-major: first across, then down. */
function lowFrequencies(pixels: Float32Array, size: number, side: number, cosines: Float64Array): Float64Array {
  const across = new Float64Array(side * size)
  for (let y = 0; y < side; y++) {
    for (let u = 0; u < size; u++) {
      let sum = 0
      for (let x = 0; x < side; x++) sum += pixels[y * side + x]! * cosines[u * side + x]!
      across[y * size + u] = sum
    }
  }
  const out = new Float64Array(size * size)
  for (let v = 0; v < size; v++) {
    for (let u = 0; u < size; u++) {
      let sum = 0
      for (let y = 0; y < side; y++) sum += across[y * size + u]! * cosines[v * side + y]!
      out[v * size + u] = Math.abs(sum) < ROUNDING ? 0 : sum
    }
  }
  return out
}

function medianOf(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
