// What is passed as a component is one: a mistake is named where it was made.

import { CbirError } from '../errors/cbir-error.ts'
import { describeType } from '../vectors/vector-batch.ts'

/** @throws CbirError INVALID_ARGUMENT where `value` is no component of that kind; most often it is a promise that was not awaited */
export function needComponent(value: unknown, kind: string, name: string): void {
  const given = (value as { readonly kind?: unknown } | null | undefined)?.kind
  if (given === kind) return
  const type = describeType(value)
  const got = typeof given === 'string' ? `a ${given}` : type
  throw new CbirError('INVALID_ARGUMENT', `${name} must be a ${kind}, got ${got}.${type === 'Promise' ? ' Put await before what makes it.' : ''}`)
}
