// VectorBatch: rows of float32, the currency of every hot boundary; Items: the same with a name per row.

import { CbirError } from '../errors/cbir-error.ts'

/** `count` rows of `dimensions` float32 numbers, contiguous and row-major: row *i* begins at `data[i * dimensions]`. */
export interface VectorBatch {
  readonly data: Float32Array
  readonly count: number
  readonly dimensions: number
}

/** Vectors with names: `uids[i]` is the name of row *i* of `vectors`. */
export interface Items {
  readonly uids: readonly string[]
  readonly vectors: VectorBatch
}

/**
 * A batch over `data` (not copied). `data.length` must be a multiple of `dimensions`.
 * @throws CbirError INVALID_ARGUMENT
 */
export function vectorBatch(data: Float32Array, dimensions: number): VectorBatch {
  const batch = { data, count: data.length / dimensions, dimensions }
  checkBatchShape(batch)
  return batch
}

/**
 * A batch copied from rows of numbers; for examples and tests, not for hot paths.
 * @throws CbirError INVALID_ARGUMENT where rows differ in length or there is none.
 */
export function vectorBatchOf(rows: readonly ArrayLike<number>[]): VectorBatch {
  const dimensions = rows[0]?.length ?? 0
  if (dimensions === 0) throw new CbirError('INVALID_ARGUMENT', 'A vector batch needs at least one row with at least one number.')
  const data = new Float32Array(rows.length * dimensions)
  rows.forEach((row, i) => {
    if (row.length !== dimensions) {
      throw new CbirError('INVALID_ARGUMENT', `Row ${i} has ${row.length} numbers; row 0 has ${dimensions}. Give every row the same length.`)
    }
    data.set(row, i * dimensions)
  })
  return { data, count: rows.length, dimensions }
}

/** Row `i` of a batch as a view (not a copy). */
export function rowOf(batch: VectorBatch, i: number): Float32Array {
  return batch.data.subarray(i * batch.dimensions, (i + 1) * batch.dimensions)
}

/**
 * Checks that a value has the shape of a batch: a Float32Array of `count × dimensions` numbers. Says nothing about the numbers.
 * @throws CbirError INVALID_ARGUMENT
 */
export function checkBatchShape(batch: VectorBatch, what = 'vectors'): void {
  const { data, count, dimensions } = (batch ?? {}) as VectorBatch
  if (typedArrayName.call(data) !== 'Float32Array') {
    throw new CbirError(
      'INVALID_ARGUMENT',
      `${what}.data must be a Float32Array, got ${describeType(data)}. Convert numbers with Float32Array.from(…).`,
    )
  }
  if (!Number.isInteger(dimensions) || dimensions < 1) {
    throw new CbirError('INVALID_ARGUMENT', `${what}.dimensions must be a positive integer, got ${String(dimensions)}.`)
  }
  if (!Number.isInteger(count) || count < 0) {
    throw new CbirError('INVALID_ARGUMENT', `${what}.count must be an integer of at least 0, got ${String(count)}.`)
  }
  if (data.length !== count * dimensions) {
    throw new CbirError(
      'INVALID_ARGUMENT',
      `${what}.data has ${data.length} numbers, but count × dimensions is ${count} × ${dimensions} = ${count * dimensions}. ` +
        'Was the buffer transferred or cut?',
    )
  }
}

/** `Float32Array` and so on, of any realm; undefined for what is no typed array. */
const typedArrayName = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get as (
  this: unknown,
) => string | undefined

/** A short name of a value's type for messages. */
export function describeType(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value !== 'object') return typeof value
  return Object.prototype.toString.call(value).slice(8, -1)
}
