// mapOrdered: several pieces of work at once over a stream, results in the order of the stream, bounded read-ahead.

import { iteratorOf, type Source } from '../vectors/source.ts'
import { abortable, throwIfAborted } from './abort.ts'

export interface MapOptions {
  /** Pieces of work under way at once. */
  readonly concurrency: number
  /** Results, finished or not, that may wait for the reader; at least `concurrency`. */
  readonly readAhead?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * `work(value, index)` of every value of the source, in the order of the source. Work goes on while the reader is busy, until `readAhead` results
 * wait. The first failure, of the work or of the source, ends the stream with that error. Leaving early starts no more work, waits for what is
 * under way and runs the source's `finally`; after an abort it waits for nothing.
 */
export async function* mapOrdered<T, U>(
  source: Source<T>,
  work: (value: T, index: number) => Promise<U>,
  options: MapOptions,
): AsyncGenerator<U, void, undefined> {
  const { concurrency, signal } = options
  const readAhead = Math.max(concurrency, options.readAhead ?? concurrency)
  throwIfAborted(signal)
  const iterator = iteratorOf(source)
  const results: Promise<U>[] = []
  const room = new Bell()
  const arrival = new Bell()
  let active = 0
  let stopped = false
  let exhausted = false

  const pump = async (): Promise<void> => {
    for (let index = 0; ; index++) {
      while (!stopped && (active >= concurrency || results.length >= readAhead)) await room.wait()
      if (stopped) return
      const step = await iterator.next()
      if (step.done) {
        exhausted = true
        return
      }
      if (stopped) return
      active++
      const result = work(step.value, index).finally(() => {
        active--
        room.ring()
      })
      result.catch(() => {}) // the reader gets it when its turn comes
      results.push(result)
      arrival.ring()
    }
  }
  const pumping = pump().finally(() => {
    stopped = true
    arrival.ring()
  })
  pumping.catch(() => {}) // as above

  try {
    for (;;) {
      while (results.length === 0 && !stopped) await abortable(arrival.wait(), signal)
      const next = results.shift()
      room.ring()
      if (!next) break
      yield await abortable(next, signal)
    }
    await pumping
  } finally {
    stopped = true
    room.ring()
    const ending = exhausted ? undefined : Promise.resolve(iterator.return?.()).catch(() => {})
    if (!signal?.aborted) await Promise.allSettled([...results, ending])
  }
}

/** Wakes the one who waits. A ring that nobody waits for is remembered. */
class Bell {
  private rung = false
  private waiter: (() => void) | undefined

  ring(): void {
    this.rung = true
    this.waiter?.()
  }

  async wait(): Promise<void> {
    if (!this.rung) await new Promise<void>((resolve) => (this.waiter = resolve))
    this.rung = false
    this.waiter = undefined
  }
}
