// Turns: long mathematics in TypeScript that gives the event loop back and notices an abort.

import { TimeSlice, throwIfAborted } from '@cbir/core/define'

/** Ask `due()` between steps of some microseconds, and `await pause()` where it says yes. */
export class Turns {
  private readonly slice: TimeSlice = new TimeSlice()
  private readonly signal: AbortSignal | undefined
  private steps = 0

  constructor(signal: AbortSignal | undefined) {
    this.signal = signal
  }

  /** `work`: multiplications of the step that was done. The clock is looked at every 2^14 of them. */
  due(work: number): boolean {
    this.steps += work
    if (this.steps < 1 << 14) return false
    this.steps = 0
    return this.slice.due()
  }

  /** @throws CbirError ABORTED */
  async pause(): Promise<void> {
    await this.slice.pause()
    throwIfAborted(this.signal)
  }
}
