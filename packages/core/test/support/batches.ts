// Small helpers for tests that pass batches.

import { type VectorBatch, vectorBatchOf } from '@cbir/core'

export const rows = (...given: number[][]): VectorBatch => vectorBatchOf(given)

/** A batch of no row. */
export const noRows = (dimensions: number): VectorBatch => ({ data: new Float32Array(0), count: 0, dimensions })

/** A driver's way to read all rows it is given. */
export async function readAll(batches: AsyncIterable<VectorBatch>): Promise<number[][]> {
  const all: number[][] = []
  for await (const { data, count, dimensions } of batches) {
    for (let i = 0; i < count; i++) all.push([...data.subarray(i * dimensions, (i + 1) * dimensions)])
  }
  return all
}
