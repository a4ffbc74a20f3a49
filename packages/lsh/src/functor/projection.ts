// Projection: the trained part of every functor here, and hashing with it in TypeScript.

import { type BitBatch, bitBatch, type CallOptions, type VectorBatch } from '@cbir/core'
import { inSlices } from '@cbir/core/define'
import { type Normalization, scaleOf } from './normalization.ts'

/** Multiplications between two looks at the clock. */
const STEP = 1 << 18

/** Bit *j* of the code of *x* is `s · Σᵢ x[i] · matrix[i · bits + j] ≥ thresholds[j]`, where *s* is 1 over the norm of *x*. */
export interface Projection {
  readonly dimensions: number
  readonly bits: number
  /** `dimensions` rows of `bits` numbers. */
  readonly matrix: Float32Array
  readonly thresholds: Float64Array
  readonly normalize: Normalization
}

/**
 * The codes of all rows, in slices. A product of two float32 is exact in double precision, and the sums run in the order of the coordinates: native code
 * gives the same bits, with any instruction set.
 */
export async function hashInSlices(projection: Projection, vectors: VectorBatch, { signal }: CallOptions = {}): Promise<BitBatch> {
  const { dimensions, bits, matrix, thresholds, normalize } = projection
  const codes = bitBatch(vectors.count, bits)
  const sums = new Float64Array(bits)
  await inSlices(
    vectors.count,
    Math.max(1, Math.floor(STEP / (dimensions * bits))),
    (from, to) => {
      for (let row = from; row < to; row++) {
        const at = row * dimensions
        sums.fill(0)
        for (let i = 0, cell = 0; i < dimensions; i++) {
          const x = vectors.data[at + i]!
          for (let j = 0; j < bits; j++, cell++) sums[j]! += x * matrix[cell]!
        }
        const scale = scaleOf(normalize, vectors.data, at, dimensions)
        for (let j = 0; j < bits; j++) {
          if (scale * sums[j]! >= thresholds[j]!) codes.data[row * codes.stride + (j >> 3)]! |= 1 << (j & 7)
        }
      }
    },
    signal,
  )
  return codes
}
