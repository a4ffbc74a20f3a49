// An error with more said in its details.

import { CbirError } from './cbir-error.ts'

/** A `CbirError` like `error` with `details` added, the original as its cause where it had none; any other error as it is. */
export function withDetails(error: unknown, details: Readonly<Record<string, unknown>>): unknown {
  if (!CbirError.isInstance(error)) return error
  return new CbirError(error.code, error.message, { cause: error.cause ?? error, details: { ...error.details, ...details } })
}
