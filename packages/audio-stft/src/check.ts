// Checks of the options of features. What audio-dsp checks of framing is not checked again.

import { CbirError, describeType } from '@cbir/core'

export { checkSampleRate } from '@cbir/audio-decode/loader'

function invalid(message: string): CbirError {
  return new CbirError('INVALID_ARGUMENT', message)
}

/** @throws CbirError INVALID_ARGUMENT unless it is a positive number */
export function checkPositive(name: string, value: number): void {
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return
  throw invalid(`${name} must be a positive number; given was ${String(value)}.`)
}

/** @throws CbirError INVALID_ARGUMENT unless it is a number from 0 on */
export function checkNotNegative(name: string, value: number): void {
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return
  throw invalid(`${name} must be a number from 0 on; given was ${String(value)}.`)
}

/** @throws CbirError INVALID_ARGUMENT unless it is an integer of at least `least`, and at most `most` where given */
export function checkInteger(name: string, value: number, least: number, most: number = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`
  throw invalid(`${name} must be an integer ${range}; given was ${String(value)}.`)
}

/** @throws CbirError INVALID_ARGUMENT unless 0 < value < 1 */
export function checkShare(name: string, value: number): void {
  if (value > 0 && value < 1) return
  throw invalid(`${name} must lie between 0 and 1; given was ${String(value)}.`)
}

/** @throws CbirError INVALID_ARGUMENT unless 0 ≤ fmin < fmax ≤ half the sample rate */
export function checkBand(fmin: number, fmax: number, sampleRate: number): void {
  if (typeof fmin !== 'number' || typeof fmax !== 'number' || !(fmin >= 0) || !(fmin < fmax) || fmax === Number.POSITIVE_INFINITY)
    throw invalid(`fmin must be from 0 to below fmax, which is finite; given were fmin ${String(fmin)} and fmax ${String(fmax)} Hz.`)
  if (fmax > sampleRate / 2) {
    throw invalid(`fmax ${fmax} Hz is above half the sample rate, ${sampleRate / 2} Hz, beyond which there is nothing. Lower it, or leave it out.`)
  }
}

/** @throws CbirError INVALID_ARGUMENT unless `value` is one of `choices` */
export function checkChoice<T>(name: string, value: T, choices: readonly T[]): void {
  if (choices.includes(value)) return
  throw invalid(`${name} must be one of ${choices.join(', ')}; given was ${typeof value === 'string' ? JSON.stringify(value) : String(value)}.`)
}

/** @throws CbirError INVALID_ARGUMENT unless it is a number, neither NaN nor infinite */
export function checkNumber(name: string, value: number): void {
  if (!Number.isFinite(value)) throw invalid(`${name} must be a number; given was ${String(value)}.`)
}

/**
 * A copy of the numbers that a call was given.
 * @throws CbirError INVALID_ARGUMENT unless they are a Float32Array or Float64Array, of `length` numbers where that is given; NOT_FINITE
 */
export function checkedNumbers<T extends Float32Array | Float64Array>(name: string, values: T, length?: number): T {
  if (!(values instanceof Float32Array || values instanceof Float64Array)) {
    throw invalid(`${name} must be a Float32Array or a Float64Array; given was ${describeType(values)}.`)
  }
  if (length !== undefined && values.length !== length) throw invalid(`${name} must hold ${length} numbers; given were ${values.length}.`)
  const bad = values.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) throw new CbirError('NOT_FINITE', `${name}[${bad}] is ${values[bad]}. Only finite numbers are allowed.`)
  return values.slice() as T
}
