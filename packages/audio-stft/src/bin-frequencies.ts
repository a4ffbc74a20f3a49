// The frequencies of the bins of a spectrum: librosa's `fft_frequencies`, or those that the caller knows better.

import { checkedNumbers, checkInteger, checkSampleRate } from './check.ts'

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

/** Frequencies that a call was given. Errors: those of {@link checkedNumbers}. */
export function givenFrequencies(freq: Float32Array | Float64Array | undefined): Float64Array | undefined {
  return freq === undefined ? undefined : Float64Array.from(checkedNumbers('freq', freq))
}

/** The given frequencies, or those of the transform. @throws CbirError INVALID_ARGUMENT unless there is one for each bin */
export function binFrequencies(given: Float64Array | undefined, bins: number, sampleRate: number, nFft: number): Float64Array {
  return given === undefined ? fftFrequencies({ sampleRate, nFft }) : checkedNumbers('freq', given, bins)
}
