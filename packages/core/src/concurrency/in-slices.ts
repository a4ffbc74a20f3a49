// Loops over many rows that give the event loop back in between.

import { throwIfAborted } from './abort.ts'
import { TimeSlice } from './time-slice.ts'

/**
 * Calls `work(from, to)` over 0…count in steps of at most `step`, and pauses whenever the slice is used up. Choose `step` so that one call takes
 * well below a millisecond. Without a pause it finishes before the promise is given out.
 * @throws CbirError ABORTED at a step where the signal has fired; leave `signal` out where the loop must not stop half-way
 */
export async function inSlices(count: number, step: number, work: (from: number, to: number) => void, signal?: AbortSignal): Promise<void> {
  const slice = new TimeSlice()
  for (let from = 0; from < count; from += step) {
    work(from, Math.min(count, from + step))
    if (from + step < count && slice.due()) {
      await slice.pause()
      throwIfAborted(signal)
    }
  }
}
