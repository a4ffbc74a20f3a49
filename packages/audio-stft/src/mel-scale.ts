// The mel scale: pitch as it is heard. Slaney's (Auditory Toolbox, 1998), which librosa takes, or that of HTK (O'Shaughnessy 1987).

import { checkBand, checkInteger } from './check.ts'

const HZ_PER_MEL = 200 / 3
/** From here on, Slaney's scale is logarithmic. */
const MIN_LOG_HZ = 1000
const MIN_LOG_MEL = MIN_LOG_HZ / HZ_PER_MEL
const LOG_STEP = Math.log(6.4) / 27

/** Mels of a frequency in Hz: librosa's `hz_to_mel`. */
export function hzToMel(hz: number, htk = false): number {
  if (htk) return 2595 * Math.log10(1 + hz / 700)
  return hz >= MIN_LOG_HZ ? MIN_LOG_MEL + Math.log(hz / MIN_LOG_HZ) / LOG_STEP : hz / HZ_PER_MEL
}

/** Hz of a number of mels: librosa's `mel_to_hz`. */
export function melToHz(mel: number, htk = false): number {
  if (htk) return 700 * (10 ** (mel / 2595) - 1)
  return mel >= MIN_LOG_MEL ? MIN_LOG_HZ * Math.exp(LOG_STEP * (mel - MIN_LOG_MEL)) : HZ_PER_MEL * mel
}

export interface MelFrequenciesOptions {
  /** How many. Default 128. */
  readonly nMels?: number | undefined
  /** In Hz. Default 0. */
  readonly fmin?: number | undefined
  /** In Hz. Default 11025. */
  readonly fmax?: number | undefined
  readonly htk?: boolean | undefined
}

/**
 * Frequencies in Hz that are equally far apart in mels, from `fmin` to `fmax`: librosa's `mel_frequencies`.
 * @throws CbirError INVALID_ARGUMENT
 */
export function melFrequencies(options: MelFrequenciesOptions = {}): Float64Array {
  const { nMels = 128, fmin = 0, fmax = 11025, htk = false } = options
  checkInteger('nMels', nMels, 1, 2 ** 20)
  checkBand(fmin, fmax, Number.POSITIVE_INFINITY)
  const from = hzToMel(fmin, htk)
  const to = hzToMel(fmax, htk)
  const step = nMels > 1 ? (to - from) / (nMels - 1) : 0
  return Float64Array.from({ length: nMels }, (_, i) => melToHz(i > 0 && i === nMels - 1 ? to : from + i * step, htk))
}
