// Turnstile: so many at once, the others in their order.

import { abortError, onAbort, throwIfAborted } from '@cbir/core/define'

/** Lets `places` pieces of work run at once. */
export class Turnstile {
  private free: number
  private readonly waiting: Set<() => void> = new Set()

  constructor(places: number) {
    this.free = places
  }

  /** @throws CbirError ABORTED, also while waiting */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    throwIfAborted(signal)
    if (this.free > 0) this.free--
    else await this.wait(signal)
    try {
      return await work()
    } finally {
      const [next] = this.waiting
      if (next) next()
      else this.free++
    }
  }

  private wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        this.waiting.delete(enter)
        stop?.()
        resolve()
      }
      const stop =
        signal &&
        onAbort(signal, () => {
          if (this.waiting.delete(enter)) reject(abortError(signal))
        })
      this.waiting.add(enter)
    })
  }
}
