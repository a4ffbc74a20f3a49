// The border: what a caller passes is copied into memory that nobody else can change, and checked there.

import { inSlices } from '../concurrency/in-slices.ts'
import { promised, type Ready } from '../concurrency/ready.ts'
import { CbirError } from '../errors/cbir-error.ts'
import type { BufferPool } from './buffer-pool.ts'
import { allFinite, notFiniteError } from './finite.ts'
import { checkBatchShape, type VectorBatch } from './vector-batch.ts'

/** Numbers that are checked between two looks at the clock: about a quarter of a millisecond. */
const STEP = 1 << 18
/** Numbers of picked rows that are copied between two looks at the clock. */
const PICK_STEP = 1 << 16

/** A copy made before the caller has its promise, so that it may change its buffer afterwards. @throws CbirError INVALID_ARGUMENT */
export function copyBatch(batch: VectorBatch, what: string): VectorBatch {
  checkBatchShape(batch, what)
  return { data: batch.data.slice(), count: batch.count, dimensions: batch.dimensions }
}

/** As {@link copyBatch}, into memory of a pool, to be given back by who is done with it. @throws CbirError INVALID_ARGUMENT */
export function copyInto(pool: BufferPool, batch: VectorBatch, what: string): VectorBatch & { readonly data: Float32Array<ArrayBuffer> } {
  checkBatchShape(batch, what)
  const data = pool.take(batch.data.length)
  data.set(batch.data)
  return { data, count: batch.count, dimensions: batch.dimensions }
}

/** Checks every number, in slices. @throws CbirError NOT_FINITE, naming the row */
export function checkFinite(batch: VectorBatch, nameOf: (row: number) => string): Promise<void> {
  return promised(() => checkFiniteNow(batch, nameOf))
}

/** As {@link checkFinite}; a batch that takes no more than one step is checked before it returns, and its error thrown. */
export function checkFiniteNow(batch: VectorBatch, nameOf: (row: number) => string): Ready<void> {
  const { data, dimensions } = batch
  const check = (from: number, to: number): void => {
    if (!allFinite(data, from, to)) throw notFiniteError(data, dimensions, from, to, nameOf)
  }
  return data.length <= STEP ? check(0, data.length) : inSlices(data.length, STEP, check)
}

/** @throws CbirError DIMENSION_MISMATCH */
export function checkDimensions(dimensions: number, expected: number, what: string): void {
  if (dimensions === expected) return
  throw new CbirError(
    'DIMENSION_MISMATCH',
    `${what} have ${dimensions} dimensions; ${expected} are expected. Use the extractor that the others came from.`,
    {
      details: { expected, got: dimensions },
    },
  )
}

/** The named rows of a batch, in the given order; the batch itself where they are all of it in its own order. */
export async function pickRows(batch: VectorBatch, which: readonly number[]): Promise<VectorBatch> {
  if (which.length === batch.count && which.every((row, i) => row === i)) return batch
  const { dimensions, data } = batch
  const picked = new Float32Array(which.length * dimensions)
  await inSlices(which.length, Math.max(1, Math.floor(PICK_STEP / dimensions)), (from, to) => {
    for (let i = from; i < to; i++) picked.set(data.subarray(which[i]! * dimensions, (which[i]! + 1) * dimensions), i * dimensions)
  })
  return { data: picked, count: which.length, dimensions }
}
