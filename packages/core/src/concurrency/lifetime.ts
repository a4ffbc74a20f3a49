// Lifetime: refuses calls after dispose, and lets dispose wait for the calls in flight.

import { CbirError } from '../errors/cbir-error.ts'
import { throwIfAborted } from './abort.ts'
import { endingWith, promised, type Ready } from './ready.ts'

/** Counts the calls of one component from creation to disposal. */
export class Lifetime {
  private readonly owner: string
  private inFlight = 0
  private disposal: Promise<void> | undefined
  private onIdle: (() => void) | undefined
  private readonly leave = (): void => {
    this.inFlight--
    if (this.inFlight === 0) this.onIdle?.()
  }

  constructor(owner: string) {
    this.owner = owner
  }

  /** @throws CbirError DISPOSED */
  throwIfDisposed(): void {
    if (this.disposal) {
      throw new CbirError('DISPOSED', `${this.owner} was disposed and takes no more calls. Create a new one, or dispose it after its last use.`)
    }
  }

  /**
   * Runs one call. Its first part runs synchronously, so that arguments can be copied before the promise is given out.
   * @throws CbirError DISPOSED, ABORTED
   */
  run<T>(work: () => Ready<T>, signal?: AbortSignal): Promise<T> {
    return promised(() => {
      this.throwIfDisposed()
      throwIfAborted(signal)
      this.inFlight++
      return endingWith(work, this.leave)
    })
  }

  /** Refuses new calls at once, waits for those in flight, then runs `close` once. Every call gives the same promise. */
  dispose(close: () => Promise<void> | void): Promise<void> {
    this.disposal ??= (async () => {
      if (this.inFlight > 0) await new Promise<void>((resolve) => (this.onIdle = resolve))
      await close()
    })()
    return this.disposal
  }
}
