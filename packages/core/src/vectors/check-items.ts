// The checks of vectors, with and without names, that every store and index makes alike.

import { inSlices } from '../concurrency/in-slices.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { checkUids } from './check-uids.ts'
import { allFinite, notFiniteError } from './finite.ts'
import { checkBatchShape, describeType, type Items, type VectorBatch } from './vector-batch.ts'

/** Numbers that are looked at between two looks at the clock. */
const STEP = 1 << 16

/** @throws CbirError NOT_FINITE, which names the row */
export function checkFinite(batch: VectorBatch, nameOf: (row: number) => string, signal?: AbortSignal): Promise<void> {
  const { data, dimensions } = batch
  return inSlices(
    data.length,
    STEP,
    (from, to) => {
      if (!allFinite(data, from, to)) throw notFiniteError(data, dimensions, from, to, nameOf)
    },
    signal,
  )
}

/** @throws CbirError DIMENSION_MISMATCH */
export function checkDimensions(what: string, actual: number, expected: number): void {
  if (actual !== expected) {
    throw new CbirError('DIMENSION_MISMATCH', `${what} has ${actual} dimensions; expected ${expected}. Use vectors of one and the same producer.`)
  }
}

/**
 * Checks named vectors: shapes, one name a row, names not empty, finite numbers; in slices.
 * @param seen where given, uids must also be new to it; they are added to it
 * @throws CbirError INVALID_ARGUMENT, DUPLICATE_UID, NOT_FINITE
 */
export async function checkItems(items: Items, seen?: Set<string>, signal?: AbortSignal): Promise<void> {
  const { uids, vectors } = (items ?? {}) as Items
  checkBatchShape(vectors)
  if (!Array.isArray(uids)) throw new CbirError('INVALID_ARGUMENT', `uids must be an array of strings, got ${describeType(uids)}.`)
  if (uids.length !== vectors.count) {
    throw new CbirError('INVALID_ARGUMENT', `There are ${uids.length} uids for ${vectors.count} vectors. Give one uid for each row.`)
  }
  await checkUids(uids, seen, signal)
  await checkFinite(vectors, (row) => `The vector of ${JSON.stringify(uids[row])}`, signal)
}

/** @throws CbirError INVALID_ARGUMENT unless `value` is an integer of at least 1 */
export function checkPositiveInteger(value: number, what: string): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new CbirError('INVALID_ARGUMENT', `${what} must be a positive integer, got ${String(value)}.`)
  }
}
