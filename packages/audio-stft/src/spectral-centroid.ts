// Spectral centroid: the mean frequency of a frame. librosa's `feature.spectral_centroid`.

import type { RealFrames } from '@cbir/audio-dsp'
import { binFrequencies, givenFrequencies } from './bin-frequencies.ts'
import { checkSampleRate } from './check.ts'
import { type Matrix, toMatrix } from './matrix.ts'
import { lengthOf } from './norm.ts'
import { numberPerFrame } from './per-frame.ts'
import { type SpectralInput, type SpectralOptions, spectrumOf } from './spectral-input.ts'

/** Options of features that speak of frequencies in Hz. */
export interface FrequencyOptions extends SpectralOptions {
  /** Samples a second. */
  readonly sampleRate: number
}

export interface SpectralCentroidOptions extends FrequencyOptions {
  /** The frequency of each bin in Hz, where the bins are not those of a Fourier transform of `nFft`. */
  readonly freq?: Float32Array | Float64Array | undefined
}

/** Mean frequency in Hz of the frame that stands at `at`. 0 for silence. */
export function centroidAt(data: Float32Array, at: number, hertz: Float64Array): number {
  const length = lengthOf(data, at, hertz.length, 1)
  let sum = 0
  for (let k = 0; k < hertz.length; k++) sum += hertz[k]! * data[at + k]!
  return sum / length
}

export async function spectralCentroidFrames(input: SpectralInput, options: SpectralCentroidOptions): Promise<RealFrames> {
  const { sampleRate, signal } = options
  checkSampleRate(sampleRate)
  const freq = givenFrequencies(options.freq)
  const { spectrum, nFft } = await spectrumOf(input, options, 1)
  const hertz = binFrequencies(freq, spectrum.bins, sampleRate, nFft)
  return numberPerFrame(spectrum, (data, at) => centroidAt(data, at, hertz), signal)
}

/** In Hz, (1, frames). @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED */
export async function spectralCentroid(input: SpectralInput, options: SpectralCentroidOptions): Promise<Matrix> {
  return toMatrix(await spectralCentroidFrames(input, options), options.signal)
}
