// Copies of stored values.

import { findNotJson, toJson } from '../config/json-data.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { describeType } from '../vectors/vector-batch.ts'
import type { StoredValue } from './key-value-store.ts'

/** A copy of bytes, or of what JSON makes of the value. @throws CbirError INVALID_ARGUMENT where it is neither */
export function copyValue<V extends StoredValue>(value: V, key: string): V {
  if (describeType(value) === 'Uint8Array') return Uint8Array.from(value as Uint8Array) as V
  const problem = findNotJson(value)
  if (!problem) return toJson(value)
  const at = problem.path === '' ? '' : ` at ${problem.path}`
  throw new CbirError('INVALID_ARGUMENT', `The value of ${JSON.stringify(key)} is neither bytes nor JSON${at}: ${problem.reason}.`)
}
