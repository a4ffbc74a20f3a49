// What spectral features start from: samples, or a spectrogram that was computed already (librosa's `y` and `S`).

import type { DspOptions, FrameLayout, FramingOptions, RealFrames, Samples } from '@cbir/audio-dsp'
import { spectrogram, stft } from '@cbir/audio-dsp'
import { type CallOptions, CbirError } from '@cbir/core'
import { inSlices } from '@cbir/core/define'
import { checkMatrix, isMatrix, type Matrix, toFrames } from './matrix.ts'

/** One channel of samples, or a spectrogram (features, frames) in their place, which saves its computation where several features are wanted. */
export type SpectralInput = Samples | Matrix

/** How samples become frames, and in which precision. */
export interface SpectralOptions extends FramingOptions, DspOptions {}

/** librosa's hop of all features: of a spectrogram alone it is a quarter of the window. */
export const FEATURE_HOP = 512

/** Frames of |X| to the power that a feature starts from, and the length of the transform they come from. */
export interface Spectrum {
  readonly spectrum: RealFrames
  readonly nFft: number
}

/**
 * A given spectrogram is taken as it is, `power` or not, as in librosa; where it does not fit `nFft`, it is one of 2 · (rows − 1).
 * @throws CbirError INVALID_ARGUMENT for one with negative numbers, NOT_FINITE
 */
export async function spectrumOf(input: SpectralInput, options: SpectralOptions, power: number): Promise<Spectrum> {
  const { nFft = 2048, signal } = options
  if (isMatrix(input)) {
    checkMatrix(input)
    const spectrum = await toFrames(input, signal)
    await checkEnergies(spectrum.data, options)
    return { spectrum, nFft: Math.floor(nFft / 2) + 1 === input.rows ? nFft : 2 * (input.rows - 1) }
  }
  return { spectrum: await spectrumOfSamples(input, { ...options, nFft, hopLength: options.hopLength ?? FEATURE_HOP }, power), nFft }
}

/** |X| to a power, a frame after another unless `layout` says otherwise. */
export async function spectrumOfSamples(
  samples: Samples,
  framing: SpectralOptions,
  power: number,
  layout: FrameLayout = 'frames',
): Promise<RealFrames> {
  if (power === 2) return spectrogram(samples, { ...framing, power, layout })
  const spectrum = await spectrogram(samples, { ...framing, power: 1, layout })
  if (power !== 1) await raise(spectrum.data, power, framing)
  return spectrum
}

/**
 * As {@link spectrumOf} for a power of 1 or 2, of magnitudes that are rounded where librosa rounds them: bins to complex64, and their magnitudes to
 * floats. Where a spectrum is flat, as that of a click is, the rounding decides which bins are peaks.
 */
export async function roundedSpectrumOf(input: SpectralInput, options: SpectralOptions, power: 1 | 2): Promise<Spectrum> {
  if (isMatrix(input)) return spectrumOf(input, options, power)
  const { nFft = 2048, hopLength = FEATURE_HOP, signal } = options
  const { data, frames, bins } = await stft(input, { ...options, nFft, hopLength, layout: 'frames' })
  const out = new Float32Array(frames * bins)
  const work = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const re = data[2 * i]!
      const im = data[2 * i + 1]!
      const magnitude = Math.fround(Math.sqrt(re * re + im * im))
      out[i] = power === 2 ? magnitude * magnitude : magnitude
    }
  }
  await inSlices(out.length, 1 << 15, work, signal)
  return { spectrum: { data: out, frames, bins }, nFft }
}

async function raise(data: Float32Array, power: number, { signal }: CallOptions): Promise<void> {
  const work = (from: number, to: number): void => {
    for (let i = from; i < to; i++) data[i] = data[i]! ** power
  }
  await inSlices(data.length, 1 << 13, work, signal)
}

async function checkEnergies(data: Float32Array, { signal }: CallOptions): Promise<void> {
  const work = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const value = data[i]!
      if (value >= 0 && value < Number.POSITIVE_INFINITY) continue
      if (!Number.isFinite(value))
        throw new CbirError('NOT_FINITE', `The spectrogram holds ${value} at position ${i}. Only finite numbers are allowed.`)
      throw new CbirError(
        'INVALID_ARGUMENT',
        `The spectrogram holds ${value}; magnitudes and powers are never negative. Decibels cannot stand in for them.`,
      )
    }
  }
  await inSlices(data.length, 1 << 15, work, signal)
}
