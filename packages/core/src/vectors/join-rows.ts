// Joining and cutting batches of rows, in slices: the parts of one long recording can be tens of megabytes.

import { inSlices } from '../concurrency/in-slices.ts'
import type { VectorBatch } from './vector-batch.ts'

/** Numbers that are copied between two looks at the clock. */
const STEP = 1 << 17

/** The rows of all batches, one behind the other, in a batch of their own; a single batch as it is. */
export async function joinRows(batches: readonly VectorBatch[], dimensions: number): Promise<VectorBatch> {
  const [first] = batches
  if (first && batches.length === 1) return first
  const count = batches.reduce((sum, batch) => sum + batch.count, 0)
  const data = new Float32Array(count * dimensions)
  let at = 0
  for (const batch of batches) {
    await copyNumbers(batch.data, data, at)
    at += batch.data.length
  }
  return { data, count, dimensions }
}

/** `count` rows from row `from` on, as a batch of their own; all of a batch as it is. */
export async function sliceRows(batch: VectorBatch, from: number, count: number): Promise<VectorBatch> {
  if (count === batch.count) return batch
  const { dimensions } = batch
  const data = new Float32Array(count * dimensions)
  await copyNumbers(batch.data.subarray(from * dimensions, (from + count) * dimensions), data, 0)
  return { data, count, dimensions }
}

function copyNumbers(from: Float32Array, into: Float32Array, at: number): Promise<void> {
  return inSlices(from.length, STEP, (begin, end) => into.set(from.subarray(begin, end), at + begin))
}
