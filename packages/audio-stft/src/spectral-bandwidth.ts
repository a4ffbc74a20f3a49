// Spectral bandwidth: how far the energy of a frame lies from its centroid (Klapuri and Davy 2006). librosa's `feature.spectral_bandwidth`.

import type { RealFrames } from '@cbir/audio-dsp'
import { checkPositive, checkSampleRate } from './check.ts'
import { type Matrix, toMatrix } from './matrix.ts'
import { lengthOf } from './norm.ts'
import { numberPerFrame } from './per-frame.ts'
import { centroidAt, type FrequencyOptions } from './spectral-centroid.ts'
import { type SpectralInput, spectrumOf } from './spectral-input.ts'

export interface SpectralBandwidthOptions extends FrequencyOptions {
  /** The power to which distances from the centroid are raised. Default 2: a standard deviation. */
  readonly p?: number | undefined
  /** Whether every frame is scaled to sum 1 first. Default true. */
  readonly norm?: boolean | undefined
}

export async function spectralBandwidthFrames(input: SpectralInput, options: SpectralBandwidthOptions): Promise<RealFrames> {
  const { sampleRate, p = 2, norm = true, signal } = options
  checkSampleRate(sampleRate)
  checkPositive('p', p)
  const { spectrum, nFft } = await spectrumOf(input, options, 1)
  const hertz = sampleRate / nFft
  const distance = p === 1 ? Math.abs : p === 2 ? (x: number) => x * x : (x: number) => Math.abs(x) ** p
  const spread = (data: Float32Array, at: number, bins: number): number => {
    const centroid = centroidAt(data, at, bins, hertz)
    let sum = 0
    for (let k = 0; k < bins; k++) sum += data[at + k]! * distance(k * hertz - centroid)
    return (norm ? sum / lengthOf(data, at, bins, 1) : sum) ** (1 / p)
  }
  return numberPerFrame(spectrum, spread, signal)
}

/** In Hz, (1, frames). @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED */
export async function spectralBandwidth(input: SpectralInput, options: SpectralBandwidthOptions): Promise<Matrix> {
  return toMatrix(await spectralBandwidthFrames(input, options), options.signal)
}
