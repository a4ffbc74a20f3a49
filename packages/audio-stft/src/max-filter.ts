// Largest value of a neighbourhood of bins: SciPy's `maximum_filter1d` along frequency.

import type { RealFrames } from '@cbir/audio-dsp'
import { eachFrame } from './per-frame.ts'

/** Bin b becomes the largest of the bins b − ⌊size/2⌋ … b + size − ⌊size/2⌋ − 1. */
export async function maxOverBins({ data, frames, bins }: RealFrames, size: number, signal: AbortSignal | undefined): Promise<RealFrames> {
  const before = Math.floor(size / 2)
  const after = size - before - 1
  const out = new Float32Array(data.length)
  await eachFrame(
    frames,
    bins * Math.min(size, bins),
    (t) => {
      for (let bin = 0; bin < bins; bin++) {
        const end = t * bins + Math.min(bins - 1, bin + after)
        let largest = Number.NEGATIVE_INFINITY
        for (let i = t * bins + Math.max(0, bin - before); i <= end; i++) largest = Math.max(largest, data[i]!)
        out[t * bins + bin] = largest
      }
    },
    signal,
  )
  return { data: out, frames, bins }
}
