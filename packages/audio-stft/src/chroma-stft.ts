// Chroma: energy in each of the twelve pitch classes (Ellis 2007). librosa's `feature.chroma_stft`.

import { filteredSpectrogram, matrixProduct, type RealFrames, type SparseFilters, sparseFilters } from '@cbir/audio-dsp'
import { type ChromaFilterOptions, type ChromaFiltersOptions, chromaFilters } from './chroma-filters.ts'
import { tuningOf } from './estimate-tuning.ts'
import { isMatrix, type Matrix, toMatrix } from './matrix.ts'
import { checkNorm, type Norm, normalizeStretches } from './norm.ts'
import { remembered } from './remembered.ts'
import type { FrequencyOptions } from './spectral-centroid.ts'
import { FEATURE_HOP, roundedSpectrumOf, type SpectralInput, spectrumOf } from './spectral-input.ts'

export interface ChromaStftOptions extends FrequencyOptions, Omit<ChromaFilterOptions, 'norm' | 'tuning'> {
  /** Norm that every frame is brought to. Default `'inf'`: its largest value is 1. */
  readonly norm?: Norm | undefined
  /** Deviation from A440 in pitch classes; null (the default) estimates it. */
  readonly tuning?: number | null | undefined
}

interface Bank {
  readonly sparse: SparseFilters
  readonly matrix: Float64Array
}

const bankOf = remembered(8, (options: ChromaFiltersOptions): Bank => {
  const { data, rows, columns } = chromaFilters(options)
  return { sparse: sparseFilters(data, rows, columns), matrix: Float64Array.from(data) }
})

export async function chromaStftFrames(input: SpectralInput, options: ChromaStftOptions): Promise<RealFrames> {
  const { norm = 'inf' } = options
  checkNorm('norm', norm)
  const chroma = await rawChroma(input, options)
  normalizeStretches(chroma.data, chroma.bins, norm)
  return chroma
}

async function rawChroma(input: SpectralInput, options: ChromaStftOptions): Promise<RealFrames> {
  const { sampleRate, nChroma = 12, tuning = null, ctroct, octwidth, baseC, signal, nFft = 2048 } = options
  const bank = (nFft: number, tuning: number): Bank => bankOf({ sampleRate, nFft, nChroma, tuning, ctroct, octwidth, baseC })
  if (tuning !== null && !isMatrix(input)) {
    return filteredSpectrogram(input, {
      ...options,
      hopLength: options.hopLength ?? FEATURE_HOP,
      power: 2,
      layout: 'frames',
      filters: bank(nFft, tuning).sparse,
    })
  }
  const { spectrum, nFft: length } = await (tuning === null ? roundedSpectrumOf : spectrumOf)(input, options, 2)
  // librosa estimates the tuning as that of an even transform, which it takes from the number of bins.
  const shift = tuning ?? (await tuningOf(spectrum, 2 * (spectrum.bins - 1), { sampleRate, binsPerOctave: nChroma, signal }))
  const data = await matrixProduct(spectrum.data, spectrum.bins, bank(length, shift).matrix, { signal })
  return { data, frames: spectrum.frames, bins: nChroma }
}

/**
 * (nChroma, frames), C first. A spectrogram in place of samples is one of powers.
 * @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED
 */
export async function chromaStft(input: SpectralInput, options: ChromaStftOptions): Promise<Matrix> {
  return toMatrix(await chromaStftFrames(input, options), options.signal)
}
