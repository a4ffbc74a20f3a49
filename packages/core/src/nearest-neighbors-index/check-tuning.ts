// Run-time parameters of a search: only those that the driver has, within their ranges.

import { CbirError } from '../errors/cbir-error.ts'
import type { TuningParameter } from './dense-rows-driver.ts'

type Tuning = Readonly<Record<string, number>>

const NONE: Tuning = Object.freeze({})

/** A copy of the caller's values. @throws CbirError INVALID_ARGUMENT */
export function checkTuning(name: string, parameters: Readonly<Record<string, TuningParameter>> = {}, tuning?: Tuning | undefined): Tuning {
  if (tuning === undefined) return NONE
  const checked = { ...tuning }
  for (const [key, value] of Object.entries(checked)) {
    const parameter = Object.hasOwn(parameters, key) ? parameters[key] : undefined
    if (!parameter) {
      const known = Object.keys(parameters).join(', ') || 'none'
      throw new CbirError('INVALID_ARGUMENT', `${name} has no run-time parameter "${key}". It has: ${known}.`)
    }
    const fits = parameter.integer ? Number.isInteger(value) : Number.isFinite(value)
    if (!fits || value < parameter.min || value > parameter.max) {
      throw new CbirError(
        'INVALID_ARGUMENT',
        `${key} must be ${parameter.integer ? 'an integer' : 'a number'} from ${parameter.min} to ${parameter.max}, got ${String(value)}.`,
      )
    }
  }
  return checked
}
