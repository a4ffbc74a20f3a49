// Spectral bandwidth: how far the energy of a frame lies from its centroid (Klapuri and Davy 2006). librosa's `feature.spectral_bandwidth`.

import type { RealFrames } from '@cbir/audio-dsp'
import { binFrequencies, givenFrequencies } from './bin-frequencies.ts'
import { checkedNumbers, checkPositive, checkSampleRate } from './check.ts'
import { type Matrix, toMatrix } from './matrix.ts'
import { lengthOf } from './norm.ts'
import { numberPerFrame } from './per-frame.ts'
import { centroidAt, type SpectralCentroidOptions } from './spectral-centroid.ts'
import { type SpectralInput, spectrumOf } from './spectral-input.ts'

export interface SpectralBandwidthOptions extends SpectralCentroidOptions {
  /** The power to which distances from the centroid are raised. Default 2: a standard deviation. */
  readonly p?: number | undefined
  /** Whether every frame is scaled to sum 1 first. Default true. */
  readonly norm?: boolean | undefined
  /** The centroid of each frame in Hz, where it is known already: the `data` of `spectralCentroid`. */
  readonly centroid?: Float32Array | Float64Array | undefined
}

export async function spectralBandwidthFrames(input: SpectralInput, options: SpectralBandwidthOptions): Promise<RealFrames> {
  const { sampleRate, p = 2, norm = true, signal } = options
  checkSampleRate(sampleRate)
  checkPositive('p', p)
  const freq = givenFrequencies(options.freq)
  const given = options.centroid === undefined ? undefined : checkedNumbers('centroid', options.centroid)
  const { spectrum, nFft } = await spectrumOf(input, options, 1)
  const centroids = given && checkedNumbers('centroid, one for each frame,', given, spectrum.frames)
  const hertz = binFrequencies(freq, spectrum.bins, sampleRate, nFft)
  const distance = p === 1 ? Math.abs : p === 2 ? (x: number) => x * x : (x: number) => Math.abs(x) ** p
  const spread = (data: Float32Array, at: number, bins: number): number => {
    const centroid = centroids ? centroids[at / bins]! : centroidAt(data, at, hertz)
    let sum = 0
    for (let k = 0; k < bins; k++) sum += data[at + k]! * distance(hertz[k]! - centroid)
    return (norm ? sum / lengthOf(data, at, bins, 1) : sum) ** (1 / p)
  }
  return numberPerFrame(spectrum, spread, signal)
}

/** In Hz, (1, frames). @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED */
export async function spectralBandwidth(input: SpectralInput, options: SpectralBandwidthOptions): Promise<Matrix> {
  return toMatrix(await spectralBandwidthFrames(input, options), options.signal)
}
