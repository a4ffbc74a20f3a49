// Semaphore: so many pieces of work at once, the others in the order of their coming (Dijkstra 1965).

import { checkPositiveInteger } from '../vectors/check-number.ts'
import { abortError, onAbort, throwIfAborted } from './abort.ts'

/** Lets `places` pieces of work run at once. Who is aborted while waiting leaves the queue. */
export class Semaphore {
  private free: number
  private readonly queue: Set<() => void> = new Set()

  /** @throws CbirError INVALID_ARGUMENT where `places` is no whole number above 0 */
  constructor(places: number) {
    checkPositiveInteger(places, 'places')
    this.free = places
  }

  /** @throws CbirError ABORTED, also while waiting; and what `work` throws */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    throwIfAborted(signal)
    if (this.free > 0) this.free--
    else await this.wait(signal)
    try {
      // Between the place and this turn the signal may have fired.
      throwIfAborted(signal)
      return await work()
    } finally {
      // A place is handed to the next in the queue, so nobody who comes later overtakes.
      const [next] = this.queue
      if (next) next()
      else this.free++
    }
  }

  private wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        this.queue.delete(enter)
        stop?.()
        resolve()
      }
      const stop =
        signal &&
        onAbort(signal, () => {
          this.queue.delete(enter)
          reject(abortError(signal))
        })
      this.queue.add(enter)
    })
  }
}
