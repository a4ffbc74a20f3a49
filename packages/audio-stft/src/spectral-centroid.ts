// Spectral centroid: the mean frequency of a frame. librosa's `feature.spectral_centroid`.

import type { RealFrames } from '@cbir/audio-dsp'
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

/** Mean frequency in Hz of the frame that stands at `at`; `hertz` is the distance of two bins. 0 for silence. */
export function centroidAt(data: Float32Array, at: number, bins: number, hertz: number): number {
  const length = lengthOf(data, at, bins, 1)
  let sum = 0
  for (let k = 0; k < bins; k++) sum += k * data[at + k]!
  return (sum / length) * hertz
}

export async function spectralCentroidFrames(input: SpectralInput, options: FrequencyOptions): Promise<RealFrames> {
  const { sampleRate, signal } = options
  checkSampleRate(sampleRate)
  const { spectrum, nFft } = await spectrumOf(input, options, 1)
  return numberPerFrame(spectrum, (data, at, bins) => centroidAt(data, at, bins, sampleRate / nFft), signal)
}

/** In Hz, (1, frames). @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED */
export async function spectralCentroid(input: SpectralInput, options: FrequencyOptions): Promise<Matrix> {
  return toMatrix(await spectralCentroidFrames(input, options), options.signal)
}
