// What a foreign function throws becomes a CbirError, once, with the original as its cause.

import { throwIfAborted } from '../concurrency/abort.ts'
import { isPromise, promised, type Ready } from '../concurrency/ready.ts'
import { CbirError } from './cbir-error.ts'
import type { ErrorCode } from './error-codes.ts'

/** A `CbirError` as it is; anything else as one with `code`, `message` and the original as `cause`. */
export function toCbirError(error: unknown, code: ErrorCode, message: string): CbirError {
  if (CbirError.isInstance(error)) return error
  const said = error instanceof Error ? error.message : String(error)
  return new CbirError(code, `${message}: ${said}`, { cause: error })
}

/** Runs foreign code; an abort that it noticed in its own way becomes ABORTED. */
export function callForeign<T>(work: () => Ready<T>, code: ErrorCode, message: () => string, signal?: AbortSignal): Promise<T> {
  return promised(() => callForeignNow(work, code, message, signal))
}

/** As {@link callForeign}; a plain value is given as it is, and the error of work that gives no promise is thrown. */
export function callForeignNow<T>(work: () => Ready<T>, code: ErrorCode, message: () => string, signal?: AbortSignal): Ready<T> {
  const fail = (error: unknown): never => {
    if (!CbirError.isInstance(error)) throwIfAborted(signal)
    throw toCbirError(error, code, message())
  }
  try {
    const value = work()
    return isPromise(value) ? Promise.resolve(value).catch(fail) : value
  } catch (error) {
    return fail(error)
  }
}
