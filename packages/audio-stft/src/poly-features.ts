// Polynomial features: coefficients of a polynomial fitted to each frame's spectrum. librosa's `feature.poly_features`.

import type { RealFrames } from '@cbir/audio-dsp'
import { CbirError } from '@cbir/core'
import { binFrequencies, givenFrequencies } from './bin-frequencies.ts'
import { checkInteger, checkSampleRate } from './check.ts'
import { gramPolynomials } from './gram-polynomials.ts'
import { type Matrix, toMatrix } from './matrix.ts'
import { eachFrame } from './per-frame.ts'
import type { SpectralCentroidOptions } from './spectral-centroid.ts'
import { type SpectralInput, spectrumOf } from './spectral-input.ts'

export interface PolyFeaturesOptions extends SpectralCentroidOptions {
  /** Degree of the polynomial, up to 10. Default 1. */
  readonly order?: number | undefined
}

/** `fitter[j · bins + k]`: how much bin k adds to coefficient j, the highest power of the frequency in Hz first. */
function fitterOf(hertz: Float64Array, order: number): Float64Array {
  // Fitted by orthogonal polynomials in x = a · f + b, from −1 to 1, and then written in Hz.
  const bins = hertz.length
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const f of hertz) [lowest, highest] = [Math.min(lowest, f), Math.max(highest, f)]
  const a = highest > lowest ? 2 / (highest - lowest) : 1
  const b = (-a * (lowest + highest)) / 2
  const fitter = new Float64Array((order + 1) * bins)
  for (const { values, powers, square } of gramPolynomials(
    hertz.map((f) => a * f + b),
    order,
  )) {
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
  const freq = givenFrequencies(options.freq)
  const { spectrum, nFft } = await spectrumOf(input, options, 1)
  const { data, frames, bins } = spectrum
  const hertz = binFrequencies(freq, bins, sampleRate, nFft)
  if (new Set(hertz).size <= order)
    throw new CbirError('INVALID_ARGUMENT', `A polynomial of order ${order} needs ${order + 1} frequencies or more that differ.`)
  const fitter = fitterOf(hertz, order)
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
