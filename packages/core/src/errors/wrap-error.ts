// What a foreign function throws becomes a CbirError, once, with the original as its cause.

import { throwIfAborted } from '../concurrency/abort.ts'
import { CbirError } from './cbir-error.ts'
import type { ErrorCode } from './error-codes.ts'

/** A `CbirError` as it is; anything else as one with `code`, `message` and the original as `cause`. */
export function toCbirError(error: unknown, code: ErrorCode, message: string): CbirError {
  if (CbirError.isInstance(error)) return error
  const said = error instanceof Error ? error.message : String(error)
  return new CbirError(code, `${message}: ${said}`, { cause: error })
}

/** Runs foreign code; an abort that it noticed in its own way becomes ABORTED. */
export async function callForeign<T>(work: () => Promise<T> | T, code: ErrorCode, message: () => string, signal?: AbortSignal): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!CbirError.isInstance(error)) throwIfAborted(signal)
    throw toCbirError(error, code, message())
  }
}
