// Sorting many values without holding up the event loop: merge sort, small runs first.

import { TimeSlice } from '../../concurrency/time-slice.ts'

/** Values sorted in one go: well below a millisecond or two. */
const RUN = 1024

/** A sorted copy; stable. */
export async function sortInSlices<T>(values: readonly T[], compare: (a: T, b: T) => number): Promise<T[]> {
  const slice = new TimeSlice()
  let from: T[] = []
  for (let at = 0; at < values.length; at += RUN) {
    for (const value of values.slice(at, at + RUN).sort(compare)) from.push(value)
    if (slice.due()) await slice.pause()
  }
  for (let width = RUN; width < values.length; width *= 2) {
    const to: T[] = []
    for (let begin = 0; begin < from.length; begin += 2 * width) {
      let left = begin
      let right = Math.min(begin + width, from.length)
      const middle = right
      const end = Math.min(begin + 2 * width, from.length)
      while (left < middle || right < end) {
        const takeLeft = right >= end || (left < middle && compare(from[left]!, from[right]!) <= 0)
        to.push(takeLeft ? from[left++]! : from[right++]!)
        if ((to.length & 255) === 0 && slice.due()) await slice.pause()
      }
    }
    from = to
  }
  return from
}
