// Mean and spread of a stream of vectors, in one pass and memory for two vectors.

import type { VectorBatch } from '@cbir/core'
import { inSlices } from '@cbir/core/define'
import { type Normalization, scaleOf } from './normalization.ts'

/** Numbers that are added between two looks at the clock. */
const STEP = 1 << 16

/** Sums of the differences from the first vector, in double precision: a large mean costs no digits. */
export class StreamMoments {
  private readonly normalize: Normalization
  private first = new Float64Array(0)
  private sums = new Float64Array(0)
  private squares = 0
  private rows = 0

  /** Vectors are normalised before they count. */
  constructor(normalize: Normalization) {
    this.normalize = normalize
  }

  /** All batches have the same dimensions, and at least one row. @throws CbirError ABORTED */
  add({ data, count, dimensions }: VectorBatch, signal?: AbortSignal): Promise<void> {
    if (this.rows === 0) {
      const scale = scaleOf(this.normalize, data, 0, dimensions)
      this.first = Float64Array.from(data.subarray(0, dimensions), (x) => x * scale)
      this.sums = new Float64Array(dimensions)
    }
    const { first, sums, normalize } = this
    return inSlices(
      count,
      Math.max(1, Math.floor(STEP / dimensions)),
      (from, to) => {
        for (let row = from; row < to; row++) {
          const at = row * dimensions
          const scale = scaleOf(normalize, data, at, dimensions)
          for (let i = 0; i < dimensions; i++) {
            const difference = data[at + i]! * scale - first[i]!
            sums[i]! += difference
            this.squares += difference * difference
          }
        }
        this.rows += to - from
      },
      signal,
    )
  }

  mean(): Float64Array {
    return this.first.map((x, i) => x + this.sums[i]! / this.rows)
  }

  /** The root of the mean square distance from the mean. */
  spread(): number {
    let offset = 0
    for (const sum of this.sums) offset += (sum / this.rows) ** 2
    return Math.sqrt(Math.max(0, this.squares / this.rows - offset))
  }
}
