// Bad batches: one of each sort that every component must refuse.

import type { ErrorCode, VectorBatch } from '@cbir/core'

/** One bad batch of two rows of each sort, with the code that it must give. */
export function badBatches(t: { vectors(count: number): VectorBatch }): [name: string, code: ErrorCode, batch: VectorBatch][] {
  const { data, dimensions } = t.vectors(2)
  const holding = (value: number): VectorBatch => ({
    data: Float32Array.from(data, (x, i) => (i === dimensions + 2 ? value : x)),
    count: 2,
    dimensions,
  })
  return [
    ['too few dimensions', 'DIMENSION_MISMATCH', { data: data.slice(0, 2 * (dimensions - 1)), count: 2, dimensions: dimensions - 1 }],
    ['too many dimensions', 'DIMENSION_MISMATCH', { data: new Float32Array(2 * (dimensions + 1)).fill(1), count: 2, dimensions: dimensions + 1 }],
    ['a NaN', 'NOT_FINITE', holding(Number.NaN)],
    ['an Infinity', 'NOT_FINITE', holding(Number.POSITIVE_INFINITY)],
    ['a negative Infinity', 'NOT_FINITE', holding(Number.NEGATIVE_INFINITY)],
    ['data shorter than count × dimensions', 'INVALID_ARGUMENT', { data: data.slice(1), count: 2, dimensions }],
    ['data that is no Float32Array', 'INVALID_ARGUMENT', { data: [...data] as unknown as Float32Array, count: 2, dimensions }],
  ]
}
