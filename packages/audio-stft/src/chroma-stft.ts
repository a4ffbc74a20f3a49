// Chroma: energy in each of the twelve pitch classes (Ellis 2007). librosa's `feature.chroma_stft`.

import type { RealFrames } from '@cbir/audio-dsp'
import { applyFilters } from './apply-filters.ts'
import { type ChromaFilterOptions, type ChromaFiltersOptions, chromaFilters } from './chroma-filters.ts'
import { tuningOf } from './estimate-tuning.ts'
import { type Matrix, toMatrix } from './matrix.ts'
import { checkNorm, type Norm, normalizeStretches } from './norm.ts'
import { remembered } from './remembered.ts'
import type { FrequencyOptions } from './spectral-centroid.ts'
import { type SpectralInput, spectrumOf } from './spectral-input.ts'

export interface ChromaStftOptions extends FrequencyOptions, Omit<ChromaFilterOptions, 'norm' | 'tuning'> {
  /** Norm that every frame is brought to. Default `'inf'`: its largest value is 1. */
  readonly norm?: Norm | undefined
  /** Deviation from A440 in pitch classes; null (the default) estimates it. */
  readonly tuning?: number | null | undefined
}

const bank = remembered(8, (options: ChromaFiltersOptions) => chromaFilters(options))

export async function chromaStftFrames(input: SpectralInput, options: ChromaStftOptions): Promise<RealFrames> {
  const { sampleRate, nChroma = 12, norm = 'inf', ctroct, octwidth, baseC, signal } = options
  checkNorm('norm', norm)
  const { spectrum, nFft } = await spectrumOf(input, options, 2)
  const tuning = options.tuning ?? (await tuningOf(spectrum, nFft, { sampleRate, binsPerOctave: nChroma, signal }))
  const chroma = await applyFilters(spectrum, bank({ sampleRate, nFft, nChroma, tuning, ctroct, octwidth, baseC }), signal)
  normalizeStretches(chroma.data, chroma.bins, norm)
  return chroma
}

/**
 * (nChroma, frames), C first. A spectrogram in place of samples is one of powers.
 * @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED
 */
export async function chromaStft(input: SpectralInput, options: ChromaStftOptions): Promise<Matrix> {
  return toMatrix(await chromaStftFrames(input, options), options.signal)
}
