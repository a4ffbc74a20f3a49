// ReadWriteLock: many readers or one writer, first come, first served.

import { abortError, onAbort, throwIfAborted } from './abort.ts'

interface Waiter {
  readonly write: boolean
  readonly enter: () => void
}

/**
 * Who asks first is let in first: a writer that waits holds back the readers behind it. A reader that meets no writer enters
 * without waiting a turn. A call that is aborted while it waits leaves the queue with `ABORTED`.
 */
export class ReadWriteLock {
  private readers = 0
  private writing = false
  private readonly queue: Waiter[] = []

  /** Runs `work` among other readers. */
  read<T>(work: () => Promise<T> | T, signal?: AbortSignal): Promise<T> {
    return this.run(false, work, signal)
  }

  /** Runs `work` alone. */
  write<T>(work: () => Promise<T> | T, signal?: AbortSignal): Promise<T> {
    return this.run(true, work, signal)
  }

  private async run<T>(write: boolean, work: () => Promise<T> | T, signal?: AbortSignal): Promise<T> {
    throwIfAborted(signal)
    if (this.queue.length === 0 && this.isFree(write)) this.take(write)
    else await this.wait(write, signal)
    try {
      return await work()
    } finally {
      this.release(write)
    }
  }

  private isFree(write: boolean): boolean {
    return !this.writing && (!write || this.readers === 0)
  }

  private take(write: boolean): void {
    if (write) this.writing = true
    else this.readers++
  }

  private release(write: boolean): void {
    if (write) this.writing = false
    else this.readers--
    this.admit()
  }

  private admit(): void {
    for (let next = this.queue[0]; next && this.isFree(next.write); next = this.queue[0]) {
      this.queue.shift()
      this.take(next.write)
      next.enter()
    }
  }

  private wait(write: boolean, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave =
        signal &&
        onAbort(signal, () => {
          const at = this.queue.indexOf(waiter)
          if (at < 0) return
          this.queue.splice(at, 1)
          reject(abortError(signal))
          this.admit()
        })
      const waiter: Waiter = {
        write,
        enter: () => {
          leave?.()
          resolve()
        },
      }
      this.queue.push(waiter)
    })
  }
}
