// Work on one frame after another, in slices.

import type { RealFrames } from '@cbir/audio-dsp'
import { inSlices } from '@cbir/core/define'

/** Numbers read between two looks at the clock: below a millisecond for all that is done here. */
const STEP = 1 << 14

/** Calls `work` for every frame. `cost` is how many numbers one call goes through. */
export async function eachFrame(frames: number, cost: number, work: (frame: number) => void, signal: AbortSignal | undefined): Promise<void> {
  await inSlices(
    frames,
    Math.max(1, Math.floor(STEP / Math.max(1, cost))),
    (from, to) => {
      for (let frame = from; frame < to; frame++) work(frame)
    },
    signal,
  )
}

/**
 * One number of each frame: a row of as many columns. `work` gets the place of the frame's first bin in `data`.
 * Sums of `work` are in double, and stored as floats.
 */
export async function numberPerFrame(
  { data, frames, bins }: RealFrames,
  work: (data: Float32Array, at: number, bins: number) => number,
  signal: AbortSignal | undefined,
): Promise<RealFrames> {
  const out = new Float32Array(frames)
  await eachFrame(
    frames,
    bins,
    (t) => {
      out[t] = work(data, t * bins, bins)
    },
    signal,
  )
  return { data: out, frames, bins: 1 }
}
