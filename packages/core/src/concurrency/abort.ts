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

const listeners = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls `listener` when the signal fires; gives a function that takes it back. However many listen, the signal itself gets one listener: a signal
 * that is shared by hundreds of calls must not look like a leak.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  let all = listeners.get(signal)
  if (!all) {
    const created = new Set<() => void>()
    signal.addEventListener(
      'abort',
      () => {
        for (const call of created) call()
      },
      { once: true },
    )
    listeners.set(signal, created)
    all = created
  }
  const own = (): void => listener()
  all.add(own)
  return () => void all.delete(own)
}

/** Settles as `promise` does, or rejects with ABORTED as soon as the signal fires. The work behind the promise is not stopped by this. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  if (signal.aborted) promise.catch(() => undefined) // nobody will look at it any more
  throwIfAborted(signal)
  let stop: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = onAbort(signal, () => reject(abortError(signal)))
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    stop?.()
  }
}
