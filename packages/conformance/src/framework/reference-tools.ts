// What the reference implementations share: typed errors, calls that a disposal waits for, and sources read batch by batch.

import { type CallOptions, CbirError, type ErrorCode, type Source } from '@cbir/core'
import { TimeSlice } from '@cbir/core/define'

export function raise(code: ErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}): never {
  throw new CbirError(code, message, { details })
}

export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CbirError('ABORTED', 'aborted', { cause: signal.reason })
}

/** The calls of one component. */
export interface Calls {
  /** Runs one call; its first part at once. */
  run<T>(signal: AbortSignal | undefined, work: () => Promise<T> | T): Promise<T>
  /** Refuses new calls, waits for those in flight, then runs `close` once. */
  dispose(close?: () => Promise<void> | void): Promise<void>
}

export function trackCalls(): Calls {
  const flying = new Set<Promise<unknown>>()
  let disposal: Promise<void> | undefined
  return {
    async run(signal, work) {
      if (disposal) raise('DISPOSED', 'it was disposed')
      checkSignal(signal)
      const call = (async () => work())()
      flying.add(call)
      return call.finally(() => flying.delete(call))
    },
    dispose(close = () => {}) {
      disposal ??= Promise.allSettled(flying).then(close)
      return disposal
    },
  }
}

/** What `work` makes of each item, with turns of the event loop between them. */
export async function mapInTurns<T, U>(list: readonly T[], work: (item: T, i: number) => U, signal?: AbortSignal): Promise<U[]> {
  const slice = new TimeSlice()
  const results: U[] = []
  for (const [i, item] of list.entries()) {
    results.push(work(item, i))
    if (!slice.due()) continue
    await slice.pause()
    checkSignal(signal)
  }
  return results
}

/** What `take` makes of each value; the first one of a synchronous source is taken before the first `next` returns. */
export async function* pulled<T, U>(source: Source<T>, take: (value: T) => U, signal: AbortSignal | undefined): AsyncGenerator<U, void, undefined> {
  if (typeof source !== 'object' || source === null || !(Symbol.iterator in source || Symbol.asyncIterator in source)) {
    raise('INVALID_ARGUMENT', 'the source must be iterable')
  }
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
  let open = true
  try {
    for (;;) {
      let step: IteratorResult<T>
      try {
        const found = iterator.next()
        step = 'then' in found ? await found : found
      } catch (cause) {
        open = false
        if (CbirError.isInstance(cause)) throw cause
        throw new CbirError('SOURCE_FAILED', 'the source threw', { cause })
      }
      open = !step.done
      checkSignal(signal)
      if (step.done) return
      yield take(step.value)
    }
  } finally {
    if (open) await iterator.return?.()
  }
}

/** Gives every batch to `apply`; gives the sum of what that returns. An error carries how many batches stand. */
export async function applied<T, U>(
  source: Source<T>,
  take: (batch: T) => U,
  apply: (batch: U) => Promise<number> | number,
  { signal, onProgress }: CallOptions = {},
): Promise<number> {
  let done = 0
  let batchesApplied = 0
  const slice = new TimeSlice()
  try {
    for await (const batch of pulled(source, take, signal)) {
      done += await apply(batch)
      batchesApplied++
      if (slice.due()) await slice.pause()
      onProgress?.({ done })
    }
    return done
  } catch (error) {
    if (!CbirError.isInstance(error)) throw error
    throw new CbirError(error.code, error.message, { cause: error.cause, details: { ...error.details, batchesApplied } })
  }
}
