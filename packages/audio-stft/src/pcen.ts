// Per-channel energy normalisation: loudness that adapts to the background of each band (Wang et al. 2017). librosa's `pcen`.

import { type CallOptions, CbirError } from '@cbir/core'
import { checkInteger, checkNotNegative, checkPositive, checkSampleRate } from './check.ts'
import { checkMatrix, type Matrix, toFrames, toMatrix } from './matrix.ts'
import { maxOverBins } from './max-filter.ts'
import { eachFrame } from './per-frame.ts'

export interface PcenOptions extends CallOptions {
  /** Samples a second of the recording. */
  readonly sampleRate: number
  /** Samples from frame to frame. Default 512. */
  readonly hopLength?: number | undefined
  /** Default 0.98. */
  readonly gain?: number | undefined
  /** Default 2. */
  readonly bias?: number | undefined
  /** Default 0.5. */
  readonly power?: number | undefined
  /** In seconds. Default 0.4. */
  readonly timeConstant?: number | undefined
  /** Default 1e-6. */
  readonly eps?: number | undefined
  /** Coefficient of the smoothing filter, 0 … 1. Default: from `timeConstant`. */
  readonly b?: number | undefined
  /** Bands over whose largest value the background is taken. Default 1. */
  readonly maxSize?: number | undefined
}

/**
 * As large as what is given: a spectrogram with magnitudes, e.g. a mel spectrogram of `power: 1`. librosa's page scales samples to ±2³¹ first.
 * @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED
 */
export async function pcen(S: Matrix, options: PcenOptions): Promise<Matrix> {
  const { sampleRate, hopLength = 512, gain = 0.98, bias = 2, power = 0.5, timeConstant = 0.4, eps = 1e-6, maxSize = 1, signal } = options
  checkMatrix(S)
  checkSampleRate(sampleRate)
  checkInteger('hopLength', hopLength, 1)
  checkNotNegative('gain', gain)
  checkNotNegative('bias', bias)
  checkNotNegative('power', power)
  checkPositive('timeConstant', timeConstant)
  checkPositive('eps', eps)
  checkInteger('maxSize', maxSize, 1)
  const frameTime = (timeConstant * sampleRate) / hopLength
  const { b = (Math.sqrt(1 + 4 * frameTime ** 2) - 1) / (2 * frameTime ** 2) } = options
  if (!(b >= 0 && b <= 1)) throw new CbirError('INVALID_ARGUMENT', `b must be from 0 to 1; given was ${b}.`)
  const spectrum = await toFrames(S, signal)
  const reference = maxSize === 1 ? spectrum : await maxOverBins(spectrum, maxSize, signal)
  const { data, frames, bins } = spectrum
  const out = new Float32Array(data.length)
  // The filter starts as if every band had been 1 before, as librosa's does.
  const smooth = new Float64Array(bins).fill(1)
  const logEps = Math.log(eps)
  await eachFrame(
    frames,
    3 * bins,
    (t) => {
      for (let bin = 0; bin < bins; bin++) {
        const i = t * bins + bin
        const value = data[i]!
        if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) throw badValue(value, bin, t)
        smooth[bin] = b * reference.data[i]! + (1 - b) * smooth[bin]!
        const scale = Math.exp(-gain * (logEps + Math.log1p(smooth[bin]! / eps)))
        if (power === 0) out[i] = Math.log1p(value * scale)
        else if (bias === 0) out[i] = (value * scale) ** power
        else out[i] = bias ** power * Math.expm1(power * Math.log1p((value * scale) / bias))
      }
    },
    signal,
  )
  return toMatrix({ data: out, frames, bins }, signal)
}

function badValue(value: number, row: number, column: number): CbirError {
  const code = Number.isFinite(value) ? 'INVALID_ARGUMENT' : 'NOT_FINITE'
  return new CbirError(
    code,
    `The spectrogram holds ${value} in row ${row}, column ${column}. PCEN is for magnitudes, which are finite and never negative.`,
  )
}
