// Abort: one way to turn an AbortSignal into the error ABORTED.

import { CbirError } from '../errors/cbir-error.ts'

/** The error of an aborted call; `cause` is the signal's reason. */
export function abortError(signal: AbortSignal): CbirError {
  return new CbirError('ABORTED', 'The call was aborted by its signal; nothing was changed by the part that had not finished.', {
    cause: signal.reason,
  })
}

/** @throws CbirError ABORTED */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortError(signal)
}

/** Settles as `promise` does, or rejects with ABORTED as soon as the signal fires. The work behind the promise is not stopped by this. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  throwIfAborted(signal)
  let onAbort: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(abortError(signal))
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort)
  }
}
