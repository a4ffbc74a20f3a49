// Mel filters: triangles over the bins of a spectrum, each from one mel frequency to the one after the next. librosa's `filters.mel`.

import { CbirError } from '@cbir/core'
import { checkBand, checkInteger, checkSampleRate } from './check.ts'
import type { Matrix } from './matrix.ts'
import { melFrequencies } from './mel-scale.ts'
import { checkNorm, type Norm, normalizeStretches } from './norm.ts'

export interface MelFilterOptions {
  /** Bands. Default 128. */
  readonly nMels?: number | undefined
  /** Lowest frequency in Hz. Default 0. */
  readonly fmin?: number | undefined
  /** Highest frequency in Hz, at most half the sample rate, which is the default. */
  readonly fmax?: number | undefined
  /** HTK's mel scale in place of Slaney's. Default false. */
  readonly htk?: boolean | undefined
  /** `'slaney'` (default): every triangle has the same area. A p-norm of its weights is 1, or null: its peak is 1. */
  readonly norm?: 'slaney' | Norm | undefined
}

export interface MelFiltersOptions extends MelFilterOptions {
  readonly sampleRate: number
  /** Default 2048. */
  readonly nFft?: number | undefined
}

/**
 * The weights, (nMels, 1 + nFft/2). As in librosa a band narrower than a bin may be empty.
 * @throws CbirError INVALID_ARGUMENT for a band beyond half the sample rate, or more bands than bins
 */
export function melFilters(options: MelFiltersOptions): Matrix {
  const { sampleRate, nFft = 2048, nMels = 128, fmin = 0, htk = false, norm = 'slaney' } = options
  checkSampleRate(sampleRate)
  const { fmax = sampleRate / 2 } = options
  checkInteger('nFft', nFft, 2, 2 ** 24)
  checkBand(fmin, fmax, sampleRate)
  const bins = Math.floor(nFft / 2) + 1
  checkInteger('nMels', nMels, 1)
  if (nMels > bins) {
    throw new CbirError(
      'INVALID_ARGUMENT',
      `nMels is ${nMels}, and a transform of ${nFft} has ${bins} bins only. Take fewer bands, or a larger nFft.`,
    )
  }
  if (norm !== 'slaney') checkNorm('norm', norm)
  const hz = melFrequencies({ nMels: nMels + 2, fmin, fmax, htk })
  const data = new Float32Array(nMels * bins)
  for (let m = 0; m < nMels; m++) {
    const [low, middle, high] = [hz[m]!, hz[m + 1]!, hz[m + 2]!]
    const area = norm === 'slaney' ? 2 / (high - low) : 1
    for (let bin = 0; bin < bins; bin++) {
      const f = (bin * sampleRate) / nFft
      const weight = Math.min((f - low) / (middle - low), (high - f) / (high - middle))
      // librosa stores the weights as floats before it scales them.
      if (weight > 0) data[m * bins + bin] = Math.fround(weight) * area
    }
  }
  if (norm !== 'slaney') normalizeStretches(data, bins, norm)
  return { data, rows: nMels, columns: bins }
}
