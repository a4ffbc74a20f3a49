// Polynomial features: coefficients of a polynomial fitted to each frame's spectrum. librosa's `feature.poly_features`.

import type { RealFrames } from '@cbir/audio-dsp'
import { checkInteger, checkSampleRate } from './check.ts'
import { gramPolynomials } from './gram-polynomials.ts'
import { type Matrix, toMatrix } from './matrix.ts'
import { eachFrame } from './per-frame.ts'
import type { FrequencyOptions } from './spectral-centroid.ts'
import { type SpectralInput, spectrumOf } from './spectral-input.ts'

export interface PolyFeaturesOptions extends FrequencyOptions {
  /** Degree of the polynomial, up to 10. Default 1. */
  readonly order?: number | undefined
}

/** `fitter[j · bins + k]`: how much bin k adds to coefficient j, the highest power of the frequency in Hz first. */
function fitterOf(bins: number, order: number, hertz: number): Float64Array {
  // Fitted by orthogonal polynomials on bins counted from their middle, in units of half their number, and then written in Hz.
  const half = Math.max(1, (bins - 1) / 2)
  const fitter = new Float64Array((order + 1) * bins)
  for (const { values, powers, square } of gramPolynomials(bins, order, half)) {
    // x = (k − (bins − 1)/2) / half = a · f + b
    const a = 1 / (hertz * half)
    const b = -(bins - 1) / 2 / half
    const inHertz = new Float64Array(order + 1)
    for (const [i, weight] of powers.entries()) {
      // (a f + b)^i, one binomial after another
      let binomial = 1
      for (let j = 0; j <= i; j++) {
        inHertz[j]! += weight * binomial * a ** j * b ** (i - j)
        binomial = (binomial * (i - j)) / (j + 1)
      }
    }
    for (let j = 0; j <= order; j++) {
      const row = (order - j) * bins
      for (let k = 0; k < bins; k++) fitter[row + k]! += (inHertz[j]! * values[k]!) / square
    }
  }
  return fitter
}

export async function polyFeaturesFrames(input: SpectralInput, options: PolyFeaturesOptions): Promise<RealFrames> {
  const { sampleRate, order = 1, signal } = options
  checkSampleRate(sampleRate)
  checkInteger('order', order, 0, 10)
  const { spectrum, nFft } = await spectrumOf(input, options, 1)
  const { data, frames, bins } = spectrum
  checkInteger('order', order, 0, bins - 1)
  const fitter = fitterOf(bins, order, sampleRate / nFft)
  const rows = order + 1
  const out = new Float32Array(frames * rows)
  await eachFrame(
    frames,
    rows * bins,
    (t) => {
      for (let j = 0; j < rows; j++) {
        let sum = 0
        for (let k = 0; k < bins; k++) sum += fitter[j * bins + k]! * data[t * bins + k]!
        out[t * rows + j] = sum
      }
    },
    signal,
  )
  return { data: out, frames, bins: rows }
}

/** (order + 1, frames), the highest power of the frequency in Hz first. @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED */
export async function polyFeatures(input: SpectralInput, options: PolyFeaturesOptions): Promise<Matrix> {
  return toMatrix(await polyFeaturesFrames(input, options), options.signal)
}
