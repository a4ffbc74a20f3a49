// DecodeGate: at most so many decodes at once. sharp works on libuv's four threads, which files and name look-ups need as well, and each decode
// holds its picture's memory.

import { abortError, onAbort, throwIfAborted } from '@cbir/core/define'

/** First come, first served. Who is aborted while waiting leaves the queue. */
export class DecodeGate {
  private free: number
  private readonly queue: (() => void)[] = []

  constructor(places: number) {
    this.free = places
  }

  /** @throws CbirError ABORTED while waiting; and what `work` throws */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    throwIfAborted(signal)
    if (this.free > 0) this.free--
    else await this.wait(signal)
    try {
      return await work()
    } finally {
      // A place is handed to the next in the queue, so nobody who comes later overtakes.
      const next = this.queue.shift()
      if (next) next()
      else this.free++
    }
  }

  private wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = onAbort(signal, () => {
        this.queue.splice(this.queue.indexOf(enter), 1)
        reject(abortError(signal))
      })
      const enter = (): void => {
        stop()
        resolve()
      }
      this.queue.push(enter)
    })
  }
}
