// The check of counts such as k and batch sizes.

import { CbirError } from '../errors/cbir-error.ts'

/** @throws CbirError INVALID_ARGUMENT unless `value` is an integer of at least 1 */
export function checkPositiveInteger(value: number, what: string): void {
  if (Number.isSafeInteger(value) && value >= 1) return
  throw new CbirError('INVALID_ARGUMENT', `${what} must be a positive integer, got ${String(value)}.`)
}
