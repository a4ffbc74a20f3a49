// ReadWriteLock: many readers or one writer, first come, first served.

import { abortError, onAbort, throwIfAborted } from './abort.ts'
import { endingWith, promised, type Ready, whenReady } from './ready.ts'

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
  private readonly endRead = (): void => this.release(false)
  private readonly endWrite = (): void => this.release(true)

  /** Runs `work` among other readers. */
  read<T>(work: () => Ready<T>, signal?: AbortSignal): Promise<T> {
    return promised(() => this.readNow(work, signal))
  }

  /** As {@link ReadWriteLock.read}; where nothing has to be waited for, the value itself is given, and what `work` throws is thrown. */
  readNow<T>(work: () => Ready<T>, signal?: AbortSignal): Ready<T> {
    return this.run(false, work, signal)
  }

  /** Runs `work` alone. */
  write<T>(work: () => Ready<T>, signal?: AbortSignal): Promise<T> {
    return promised(() => this.run(true, work, signal))
  }

  private run<T>(write: boolean, work: () => Ready<T>, signal: AbortSignal | undefined): Ready<T> {
    throwIfAborted(signal)
    const end = write ? this.endWrite : this.endRead
    if (this.queue.length > 0 || !this.isFree(write)) return whenReady(this.wait(write, signal), () => endingWith(work, end))
    this.take(write)
    return endingWith(work, end)
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
