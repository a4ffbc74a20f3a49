// Vectors as the reference implementations take them: copied at the call, then checked.

import type { VectorBatch } from '@cbir/core'
import { raise } from './reference-tools.ts'

/** A copy, made before the caller has its promise. @throws CbirError INVALID_ARGUMENT */
export function takeVectors(batch: VectorBatch): VectorBatch {
  const { data, count, dimensions } = batch ?? {}
  if (!(data instanceof Float32Array) || data.length !== count * dimensions) raise('INVALID_ARGUMENT', 'data must be count × dimensions numbers')
  return { data: data.slice(), count, dimensions }
}

/** @throws CbirError DIMENSION_MISMATCH, NOT_FINITE */
export function checkVectors({ data, dimensions }: VectorBatch, expected: number = dimensions): void {
  if (dimensions !== expected) raise('DIMENSION_MISMATCH', `${expected} dimensions are expected, the vectors have ${dimensions}`)
  if (data.some((value) => !Number.isFinite(value))) raise('NOT_FINITE', 'a vector holds NaN or Infinity')
}

/** √Σ(a−b)², in double precision. */
export function euclidean(a: Float32Array, b: ArrayLike<number>): number {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += (a[j]! - b[j]!) ** 2
  return Math.sqrt(sum)
}
