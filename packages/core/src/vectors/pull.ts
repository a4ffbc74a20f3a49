// Reading a Source to its end, so that an abort is noticed even while the source is silent.

import { abortable, throwIfAborted } from '../concurrency/abort.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { toCbirError } from '../errors/wrap-error.ts'
import { isSource, iteratorOf, type Source } from './source.ts'
import { describeType } from './vector-batch.ts'

/**
 * What `take` makes of the values of `source`, one after another. Of a synchronous source the first value is pulled and taken before the first
 * call of `next` returns, so `take` can copy what the caller may change afterwards. Whoever leaves early, by `break`, an error or an abort, runs
 * the source's `finally`.
 * @throws CbirError INVALID_ARGUMENT (not a source), SOURCE_FAILED (it threw; the cause), ABORTED, and what `take` throws
 */
export async function* pull<T, U>(source: Source<T>, take: (value: T) => U, signal?: AbortSignal): AsyncGenerator<U, void, undefined> {
  if (!isSource(source)) {
    throw new CbirError('INVALID_ARGUMENT', `Expected an iterable or async iterable, got ${describeType(source)}. Put a single batch into an array.`)
  }
  throwIfAborted(signal)
  let iterator: Iterator<T> | AsyncIterator<T> | undefined
  let reading = true
  let failed = false
  try {
    iterator = iteratorOf(source)
    for (;;) {
      reading = true
      const next = iterator.next()
      const step = 'then' in next ? await abortable(next, signal) : next
      reading = false
      if (step.done) {
        iterator = undefined
        return
      }
      yield take(step.value)
      throwIfAborted(signal)
    }
  } catch (error) {
    failed = true
    if (!reading || signal?.aborted) throw error
    iterator = undefined // a source that threw has closed itself
    throw toCbirError(error, 'SOURCE_FAILED', 'The source threw')
  } finally {
    const closed = (async () => {
      await iterator?.return?.()
    })().catch((error: unknown) => {
      if (!failed) throw error // else the error that made us leave is the one that counts
    })
    // A source that is still at work on the value that nobody wants any more closes when it is done with it; that may be never.
    if (!reading) await closed
  }
}

/**
 * The same values, the first of which is asked for now: before a caller has its promise, when `pull` can still copy what it may change. Whoever
 * calls this must `close` it in the end, read or not.
 */
export function startNow<T>(values: AsyncGenerator<T, void, undefined>): { readonly values: AsyncIterable<T>; close(): Promise<unknown> } {
  const next = values.next()
  next.catch(() => undefined) // whoever reads gets the error; until then it must not count as unhandled
  async function* read(): AsyncGenerator<T, void, undefined> {
    const { done, value } = await next
    if (done) return
    yield value
    yield* values
  }
  return { values: read(), close: () => values.return() }
}
