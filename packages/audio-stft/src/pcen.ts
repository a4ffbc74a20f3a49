// Per-channel energy normalisation: loudness that adapts to the background of each band (Wang et al. 2017). librosa's `pcen`.

import { type CallOptions, CbirError } from '@cbir/core'
import { checkedNumbers, checkInteger, checkNotNegative, checkPositive, checkSampleRate } from './check.ts'
import { checkMatrix, finiteFrames, type Matrix, toFrames, toMatrix } from './matrix.ts'
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
  /** What the background is taken from, as large as the spectrogram. Default: the spectrogram; `maxSize` does nothing then. */
  readonly ref?: Matrix | undefined
  /** State of the smoothing filter of each row: `zf` of what came before. Default: as if every band had been 1. */
  readonly zi?: Float32Array | Float64Array | undefined
}

export interface PcenMatrix extends Matrix {
  /** State of the smoothing filter of each row after the last frame: the `zi` of what follows. */
  readonly zf: Float64Array
}

/**
 * As large as what is given: a spectrogram with magnitudes, e.g. a mel spectrogram of `power: 1`. librosa's page scales samples to ±2³¹ first.
 * @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED
 */
export async function pcen(S: Matrix, options: PcenOptions): Promise<PcenMatrix> {
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
  const { ref } = options
  if (ref !== undefined) checkMatrix(ref)
  if (ref !== undefined && (ref.rows !== S.rows || ref.columns !== S.columns)) {
    throw new CbirError(
      'INVALID_ARGUMENT',
      `ref must be as large as the spectrogram, ${S.rows} rows and ${S.columns} columns; it has ${ref.rows} and ${ref.columns}.`,
    )
  }
  const zf = stateOf(options.zi, S.rows, b)
  const reading = ref === undefined ? undefined : finiteFrames(ref, signal)
  const [given, spectrum] = await Promise.all([reading, toFrames(S, signal)])
  const reference = given ?? (maxSize === 1 ? spectrum : await maxOverBins(spectrum, maxSize, signal))
  const { data, frames, bins } = spectrum
  const out = new Float32Array(data.length)
  const logEps = Math.log(eps)
  await eachFrame(
    frames,
    3 * bins,
    (t) => {
      for (let bin = 0; bin < bins; bin++) {
        const i = t * bins + bin
        const value = data[i]!
        if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) throw badValue(value, bin, t)
        const smooth = b * reference.data[i]! + zf[bin]!
        zf[bin] = (1 - b) * smooth
        const scale = Math.exp(-gain * (logEps + Math.log1p(smooth / eps)))
        if (power === 0) out[i] = Math.log1p(value * scale)
        else if (bias === 0) out[i] = (value * scale) ** power
        else out[i] = bias ** power * Math.expm1(power * Math.log1p((value * scale) / bias))
      }
    },
    signal,
  )
  return { ...(await toMatrix({ data: out, frames, bins }, signal)), zf }
}

/** A copy of the given state, or that of bands that were 1 for long, with which librosa begins. */
function stateOf(given: PcenOptions['zi'], rows: number, b: number): Float64Array {
  return given === undefined ? new Float64Array(rows).fill(1 - b) : Float64Array.from(checkedNumbers('zi', given, rows))
}

function badValue(value: number, row: number, column: number): CbirError {
  const code = Number.isFinite(value) ? 'INVALID_ARGUMENT' : 'NOT_FINITE'
  return new CbirError(
    code,
    `The spectrogram holds ${value} in row ${row}, column ${column}. PCEN is for magnitudes, which are finite and never negative.`,
  )
}
