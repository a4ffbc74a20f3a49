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
}

export async function zeroCrossingRateFrames(given: Samples, options: ZeroCrossingRateOptions = {}): Promise<RealFrames> {
  const { threshold = 1e-10, zeroPos = true, signal } = options
  checkNotNegative('threshold', threshold)
  const { samples, frames, frameLength, hopLength } = await framedSamples(given, options, 'edge')
  const positive = zeroPos ? 1 : 0
  const sign = (value: number): number => (value < -threshold ? -1 : value > threshold ? 1 : positive)
  const data = new Float32Array(frames)
  await eachFrame(
    frames,
    frameLength,
    (t) => {
      const at = t * hopLength
      let last = sign(samples[at]!)
      let crossings = 0
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

/** Share of samples at which the sign is another than at the one before, (1, frames). @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED */
export async function zeroCrossingRate(samples: Samples, options: ZeroCrossingRateOptions = {}): Promise<Matrix> {
  return toMatrix(await zeroCrossingRateFrames(samples, options), options.signal)
}
