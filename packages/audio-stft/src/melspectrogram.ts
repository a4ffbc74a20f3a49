// Mel spectrogram: power in bands that are equally wide for the ear. librosa's `feature.melspectrogram`.

import { type FrameLayout, filteredSpectrogram, type RealFrames, type SparseFilters, sparseFilters } from '@cbir/audio-dsp'
import { applyFilters } from './apply-filters.ts'
import { checkPositive } from './check.ts'
import { isMatrix, type Matrix, toMatrix } from './matrix.ts'
import { type MelFilterOptions, melFilters } from './mel-filters.ts'
import { remembered } from './remembered.ts'
import { FEATURE_HOP, type SpectralInput, type SpectralOptions, spectrumOf } from './spectral-input.ts'

export interface MelspectrogramOptions extends SpectralOptions, MelFilterOptions {
  /** Samples a second. */
  readonly sampleRate: number
  /** To which power |X| goes before it is filtered. Default 2. */
  readonly power?: number | undefined
}

interface Bank {
  readonly dense: Matrix
  readonly sparse: SparseFilters
}

const banks = remembered(8, (key: Parameters<typeof melFilters>[0]): Bank => {
  const dense = melFilters(key)
  return { dense, sparse: sparseFilters(dense.data, dense.rows, dense.columns) }
})

/** The filters of the options, made once for many signals. */
export function melBank(options: MelspectrogramOptions, nFft: number): Bank {
  const { sampleRate, nMels, fmin, fmax, htk, norm } = options
  return banks({ sampleRate, nFft, nMels, fmin, fmax, htk, norm })
}

/** As {@link melspectrogram}, a frame after another; from samples in the layout that is wanted, where `power` is 1 or 2. */
export async function melFrames(input: SpectralInput, options: MelspectrogramOptions, layout: FrameLayout = 'frames'): Promise<RealFrames> {
  const { power = 2, nFft = 2048 } = options
  checkPositive('power', power)
  if (!isMatrix(input) && (power === 1 || power === 2)) {
    const filters = melBank(options, nFft).sparse
    return filteredSpectrogram(input, { ...options, hopLength: options.hopLength ?? FEATURE_HOP, power, filters, layout })
  }
  const { spectrum, nFft: length } = await spectrumOf(input, options, power)
  return applyFilters(spectrum, melBank(options, length).dense, options.signal)
}

/**
 * (nMels, frames). A spectrogram in place of samples is taken as |X| to `power` already.
 * @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED
 */
export async function melspectrogram(input: SpectralInput, options: MelspectrogramOptions): Promise<Matrix> {
  return toMatrix(await melFrames(input, options, 'bins'), options.signal)
}
