// Spectral roll-off: the frequency below which a share of the energy lies. librosa's `feature.spectral_rolloff`.

import type { RealFrames } from '@cbir/audio-dsp'
import { binFrequencies, givenFrequencies } from './bin-frequencies.ts'
import { checkSampleRate, checkShare } from './check.ts'
import { type Matrix, toMatrix } from './matrix.ts'
import { numberPerFrame } from './per-frame.ts'
import type { SpectralCentroidOptions } from './spectral-centroid.ts'
import { type SpectralInput, spectrumOf } from './spectral-input.ts'

export interface SpectralRolloffOptions extends SpectralCentroidOptions {
  /** The share, between 0 and 1. Default 0.85. */
  readonly rollPercent?: number | undefined
}

export async function spectralRolloffFrames(input: SpectralInput, options: SpectralRolloffOptions): Promise<RealFrames> {
  const { sampleRate, rollPercent = 0.85, signal } = options
  checkSampleRate(sampleRate)
  checkShare('rollPercent', rollPercent)
  const freq = givenFrequencies(options.freq)
  const { spectrum, nFft } = await spectrumOf(input, options, 1)
  const hertz = binFrequencies(freq, spectrum.bins, sampleRate, nFft)
  // Of given frequencies in disorder librosa takes the lowest of all bins from there on.
  for (let k = hertz.length - 2; k >= 0; k--) hertz[k] = Math.min(hertz[k]!, hertz[k + 1]!)
  const bin = (data: Float32Array, at: number, bins: number): number => {
    let total = 0
    for (let k = 0; k < bins; k++) total += data[at + k]!
    const threshold = rollPercent * total
    let below = 0
    for (let k = 0; k < bins; k++) {
      below += data[at + k]!
      if (below >= threshold) return k
    }
    return bins - 1
  }
  return numberPerFrame(spectrum, (data, at, bins) => hertz[bin(data, at, bins)]!, signal)
}

/** In Hz, the frequency of a bin, (1, frames). @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED */
export async function spectralRolloff(input: SpectralInput, options: SpectralRolloffOptions): Promise<Matrix> {
  return toMatrix(await spectralRolloffFrames(input, options), options.signal)
}
