// Spectral flatness: near 1 for noise, near 0 for a tone; the geometric mean over the arithmetic one (Dubnov 2004). librosa's `feature.spectral_flatness`.

import type { RealFrames } from '@cbir/audio-dsp'
import { checkPositive } from './check.ts'
import { type Matrix, toMatrix } from './matrix.ts'
import { numberPerFrame } from './per-frame.ts'
import { type SpectralInput, type SpectralOptions, spectrumOf } from './spectral-input.ts'

export interface SpectralFlatnessOptions extends SpectralOptions {
  /** Smaller values count as this. Default 1e-10. */
  readonly amin?: number | undefined
  /** To which magnitudes are raised. Default 2. */
  readonly power?: number | undefined
}

/** A product of so many numbers from `amin` on can neither underflow nor overflow while each is brought near 1 first. */
const LOGARITHM_AFTER = 8

export async function spectralFlatnessFrames(input: SpectralInput, options: SpectralFlatnessOptions = {}): Promise<RealFrames> {
  const { amin = 1e-10, power = 2, signal } = options
  checkPositive('amin', amin)
  checkPositive('power', power)
  const { spectrum } = await spectrumOf(input, options, 1)
  const flatness = (data: Float32Array, at: number, bins: number): number => {
    let logarithms = 0
    let sum = 0
    let product = 1
    for (let k = 0; k < bins; k++) {
      const magnitude = data[at + k]!
      const value = Math.max(amin, power === 2 ? magnitude * magnitude : magnitude ** power)
      sum += value
      product *= value
      // One logarithm for several values, unless their product nears the ends of the doubles.
      if (k % LOGARITHM_AFTER === LOGARITHM_AFTER - 1 || product < 1e-200 || product > 1e200) {
        logarithms += Math.log(product)
        product = 1
      }
    }
    return Math.exp((logarithms + Math.log(product)) / bins) / (sum / bins)
  }
  return numberPerFrame(spectrum, flatness, signal)
}

/** From 0 to 1, (1, frames). @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED */
export async function spectralFlatness(input: SpectralInput, options: SpectralFlatnessOptions = {}): Promise<Matrix> {
  return toMatrix(await spectralFlatnessFrames(input, options), options.signal)
}
