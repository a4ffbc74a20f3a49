// Checks of numbers among options.

import { CbirError } from '@cbir/core'

/** Longest transform: what it works in stays below 2³¹ bytes, of a prime length too. */
export const MAX_LENGTH: number = 2 ** 22
/** Largest hop. */
export const MAX_HOP: number = 2 ** 31 - 1

/** @throws CbirError INVALID_ARGUMENT unless `value` is an integer from `least` to `most` */
export function checkInteger(name: string, value: number, least: number, most: number = MAX_LENGTH): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return
  throw new CbirError('INVALID_ARGUMENT', `${name} must be an integer from ${least} to ${most}; given was ${String(value)}.`)
}

/** @throws CbirError INVALID_ARGUMENT unless `value` is one of `choices` */
export function checkChoice<T extends string | number>(name: string, value: T, choices: readonly T[]): void {
  if (choices.includes(value)) return
  throw new CbirError('INVALID_ARGUMENT', `${name} must be one of ${choices.join(', ')}; given was ${JSON.stringify(value)}.`)
}
