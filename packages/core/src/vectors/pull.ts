// Reading a Source to its end, so that an abort is noticed even while the source is silent.

import { abortable, throwIfAborted } from '../concurrency/abort.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { isSource, iteratorOf, type Source } from './source.ts'
import { describeType } from './vector-batch.ts'

/**
 * The values of `source`, one after another. Whoever leaves early, by `break`, an error or an abort, runs the source's `finally`. What the
 * source throws comes through as it is.
 * @throws CbirError INVALID_ARGUMENT (not a source), ABORTED
 */
export async function* pull<T>(source: Source<T>, signal?: AbortSignal): AsyncGenerator<T, void, undefined> {
  if (!isSource(source)) {
    throw new CbirError('INVALID_ARGUMENT', `Expected an iterable or async iterable, got ${describeType(source)}. Put a single batch into an array.`)
  }
  throwIfAborted(signal)
  const iterator = iteratorOf(source)
  let reading = false
  let open = true
  try {
    for (;;) {
      reading = true
      const step = await abortable(Promise.resolve(iterator.next()), signal)
      reading = false
      if (step.done) {
        open = false
        return
      }
      yield step.value
      throwIfAborted(signal)
    }
  } catch (error) {
    // A source that failed has closed itself. Only an abort leaves one open while it is being read.
    if (reading && !signal?.aborted) open = false
    throw error
  } finally {
    if (open) {
      const closed = Promise.resolve(iterator.return?.())
      // A source that is still at work on the value that nobody wants any more closes when it is done with it; that may be never.
      if (reading) closed.catch(() => undefined)
      else await closed
    }
  }
}
