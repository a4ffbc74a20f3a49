// mapOrdered: several pieces of work at once over a stream, results in the order of the stream, bounded read-ahead.

import { iteratorOf, type Source } from '../vectors/source.ts'
import { abortable, throwIfAborted } from './abort.ts'
import { TimeSlice } from './time-slice.ts'

export interface MapOptions<U = unknown> {
  /** Pieces of work under way at once. */
  readonly concurrency: number
  /** Results, finished or not, that may wait for the reader; at least `concurrency`. */
  readonly readAhead?: number | undefined
  /** How many results a finished one counts for in `readAhead`, where some are much larger than others; 1 or more. */
  readonly weigh?: ((result: U) => number) | undefined
  readonly signal?: AbortSignal | undefined
}

interface Piece<U> {
  readonly result: Promise<U>
  weight: number
}

/**
 * `work(value, index)` of every value of the source, in the order of the source. Work goes on while the reader is busy, until `readAhead` results
 * wait. The first failure, of the work or of the source, ends the stream with that error. Leaving early starts no more work, waits for what is
 * under way and runs the source's `finally`; after an abort it waits for nothing. Where neither source nor work ever waits, the event loop still
 * gets its turns.
 */
export async function* mapOrdered<T, U>(
  source: Source<T>,
  work: (value: T, index: number) => Promise<U>,
  options: MapOptions<U>,
): AsyncGenerator<U, void, undefined> {
  const { concurrency, signal, weigh } = options
  const readAhead = Math.max(concurrency, options.readAhead ?? concurrency)
  throwIfAborted(signal)
  const iterator = iteratorOf(source)
  const pieces: Piece<U>[] = []
  const room = new Bell()
  const arrival = new Bell()
  const slice = new TimeSlice()
  let waiting = 0
  let active = 0
  let stopped = false
  let ended = false

  const start = (value: T, index: number): Piece<U> => {
    const piece: Piece<U> = { weight: 1, result: run() }
    async function run(): Promise<U> {
      try {
        const result = await work(value, index)
        const more = weigh ? Math.max(0, weigh(result) - 1) : 0
        piece.weight += more
        waiting += more
        return result
      } finally {
        active--
        room.ring()
      }
    }
    return piece
  }

  const pump = async (): Promise<void> => {
    for (let index = 0; ; index++) {
      if (slice.due()) await slice.pause()
      while (!stopped && (active >= concurrency || waiting >= readAhead)) await room.wait()
      if (stopped) return
      const step = await iterator.next()
      ended = step.done === true
      if (step.done || stopped) return
      active++
      waiting++
      const piece = start(step.value, index)
      piece.result.catch(() => {}) // the reader gets it when its turn comes
      pieces.push(piece)
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
      while (pieces.length === 0 && !stopped) await abortable(arrival.wait(), signal)
      const next = pieces[0]
      if (!next) break
      const result = await abortable(next.result, signal)
      pieces.shift()
      waiting -= next.weight
      room.ring()
      if (slice.due()) await slice.pause()
      yield result
    }
    await pumping
  } finally {
    stopped = true
    room.ring()
    const closing = ended ? undefined : close(iterator)
    if (!signal?.aborted) await Promise.allSettled([...pieces.map(({ result }) => result), closing])
  }
}

/** Ends a source early. What it throws then is dropped: the reader has left, or has an error already. */
async function close(iterator: Iterator<unknown> | AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.()
  } catch {}
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
