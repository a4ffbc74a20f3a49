// Norms: librosa's `util.normalize`, in frames or rows of numbers.

import { CbirError } from '@cbir/core'

/** The p of a norm: a positive number, `'inf'` for the largest magnitude; null for none. */
export type Norm = number | 'inf' | null

/** Smaller lengths than the smallest normal float are left alone, as librosa leaves them. */
const TINY = 2 ** -126

/** @throws CbirError INVALID_ARGUMENT */
export function checkNorm(name: string, norm: Norm): void {
  if (norm === null || norm === 'inf' || (typeof norm === 'number' && norm > 0)) return
  throw new CbirError(
    'INVALID_ARGUMENT',
    `${name} must be a positive number, 'inf' or null; given was ${typeof norm === 'string' ? JSON.stringify(norm) : String(norm)}.`,
  )
}

/** The p-norm of `data[at … at + count)`, 1 where it is too small to divide by. */
export function lengthOf(data: ArrayLike<number>, at: number, count: number, norm: Exclude<Norm, null>): number {
  let sum = 0
  const end = at + count
  if (norm === 'inf' || norm === Number.POSITIVE_INFINITY) for (let i = at; i < end; i++) sum = Math.max(sum, Math.abs(data[i]!))
  else if (norm === 1) for (let i = at; i < end; i++) sum += Math.abs(data[i]!)
  else if (norm === 2) {
    for (let i = at; i < end; i++) sum += data[i]! * data[i]!
    sum = Math.sqrt(sum)
  } else {
    for (let i = at; i < end; i++) sum += Math.abs(data[i]!) ** norm
    sum **= 1 / norm
  }
  return sum < TINY ? 1 : sum
}

/** Brings each stretch of `count` numbers to length 1, in place. */
export function normalizeStretches(data: Float32Array | Float64Array, count: number, norm: Norm): void {
  if (norm === null) return
  for (let at = 0; at + count <= data.length; at += count) {
    const length = lengthOf(data, at, count, norm)
    for (let i = at; i < at + count; i++) data[i]! /= length
  }
}
