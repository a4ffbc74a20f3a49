// The frequencies of the bins of a spectrum: librosa's `fft_frequencies`, or those that the caller knows better.

import { CbirError } from '@cbir/core'
import { checkInteger, checkSampleRate } from './check.ts'

export interface FftFrequenciesOptions {
  /** Samples a second. */
  readonly sampleRate: number
  /** Default 2048. */
  readonly nFft?: number | undefined
}

/** In Hz, of bin 0 to ⌊nFft/2⌋. @throws CbirError INVALID_ARGUMENT */
export function fftFrequencies({ sampleRate, nFft = 2048 }: FftFrequenciesOptions): Float64Array {
  checkSampleRate(sampleRate)
  checkInteger('nFft', nFft, 1, 2 ** 24)
  // Rounded as NumPy rounds them: a band may begin exactly at a bin.
  const hertz = 1 / (nFft * (1 / sampleRate))
  return Float64Array.from({ length: Math.floor(nFft / 2) + 1 }, (_, k) => k * hertz)
}

/**
 * A copy of the given frequencies, or those of the transform.
 * @throws CbirError INVALID_ARGUMENT unless there is one for each bin, NOT_FINITE
 */
export function binFrequencies(given: Float32Array | Float64Array | undefined, bins: number, sampleRate: number, nFft: number): Float64Array {
  if (given === undefined) return fftFrequencies({ sampleRate, nFft })
  if (!(given instanceof Float32Array || given instanceof Float64Array) || given.length !== bins) {
    throw new CbirError('INVALID_ARGUMENT', `freq must be a Float32Array or Float64Array of ${bins} frequencies in Hz, one for each bin.`)
  }
  const bad = given.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) throw new CbirError('NOT_FINITE', `freq[${bad}] is ${given[bad]}. Only finite frequencies are allowed.`)
  return Float64Array.from(given)
}
