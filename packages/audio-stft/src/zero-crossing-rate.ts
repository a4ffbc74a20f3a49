// Zero-crossing rate: how often the sign changes. librosa's `feature.zero_crossing_rate`.

import type { RealFrames, Samples } from '@cbir/audio-dsp'
import { checkNotNegative } from './check.ts'
import { type FrameOptions, framedSamples } from './framed-samples.ts'
import { type Matrix, toMatrix } from './matrix.ts'
import { eachFrame } from './per-frame.ts'

export interface ZeroCrossingRateOptions extends FrameOptions {
  /** Samples up to this magnitude count as 0. Default 1e-10. */
  readonly threshold?: number | undefined
  /** Whether 0 counts as positive (default), or as a sign of its own. */
  readonly zeroPos?: boolean | undefined
  /** What `threshold` is a share of: a magnitude, or the largest of the frames (librosa's `np.max`). Default: 1. */
  readonly refMagnitude?: number | 'max' | undefined
  /** Whether the first sample of every frame counts as a crossing. Default false. */
  readonly pad?: boolean | undefined
}

export async function zeroCrossingRateFrames(given: Samples, options: ZeroCrossingRateOptions = {}): Promise<RealFrames> {
  const { threshold = 1e-10, zeroPos = true, refMagnitude = 1, pad = false, signal } = options
  checkNotNegative('threshold', threshold)
  if (refMagnitude !== 'max') checkNotNegative('refMagnitude', refMagnitude)
  const { samples, frames, frameLength, hopLength } = await framedSamples(given, options, 'edge')
  const least = threshold * (refMagnitude === 'max' ? largestOf(samples.subarray(0, (frames - 1) * hopLength + frameLength)) : refMagnitude)
  const positive = zeroPos ? 1 : 0
  const sign = (value: number): number => (value < -least ? -1 : value > least ? 1 : positive)
  const data = new Float32Array(frames)
  await eachFrame(
    frames,
    frameLength,
    (t) => {
      const at = t * hopLength
      let last = sign(samples[at]!)
      let crossings = pad ? 1 : 0
      for (let i = at + 1; i < at + frameLength; i++) {
        const here = sign(samples[i]!)
        if (here !== last) crossings++
        last = here
      }
      data[t] = crossings / frameLength
    },
    signal,
  )
  return { data, frames, bins: 1 }
}

function largestOf(samples: Samples): number {
  let largest = 0
  for (let i = 0; i < samples.length; i++) largest = Math.max(largest, Math.abs(samples[i]!))
  return largest
}

/** Share of samples at which the sign is another than at the one before, (1, frames). @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED */
export async function zeroCrossingRate(samples: Samples, options: ZeroCrossingRateOptions = {}): Promise<Matrix> {
  return toMatrix(await zeroCrossingRateFrames(samples, options), options.signal)
}
