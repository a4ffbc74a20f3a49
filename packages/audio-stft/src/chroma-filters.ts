// Chroma filters: how much each bin of a spectrum says about each pitch class (Ellis 2007). librosa's `filters.chroma`.

import { checkInteger, checkNumber, checkPositive, checkSampleRate } from './check.ts'
import type { Matrix } from './matrix.ts'
import { checkNorm, lengthOf, type Norm } from './norm.ts'
import { roundHalfEven } from './round-half-even.ts'

export interface ChromaFilterOptions {
  /** Pitch classes. Default 12. */
  readonly nChroma?: number | undefined
  /** How far the music is from A440, in pitch classes. Default 0. */
  readonly tuning?: number | undefined
  /** Octave on which the weights are centred, counted from A0 = 27.5 Hz. Default 5. */
  readonly ctroct?: number | undefined
  /** Half width of that in octaves; null weighs all octaves alike. Default 2. */
  readonly octwidth?: number | null | undefined
  /** Norm of the weights of each bin. Default 2. */
  readonly norm?: Norm | undefined
  /** Whether row 0 is C (default) or A. */
  readonly baseC?: boolean | undefined
}

export interface ChromaFiltersOptions extends ChromaFilterOptions {
  readonly sampleRate: number
  /** Default 2048. */
  readonly nFft?: number | undefined
}

/** Octaves above A0 of a frequency in Hz, where A4 is tuned by `tuning` of `binsPerOctave`: librosa's `hz_to_octs`. */
export function hzToOcts(hz: number, tuning = 0, binsPerOctave = 12): number {
  return Math.log2(hz / ((440 * 2 ** (tuning / binsPerOctave)) / 16))
}

const modulo = (a: number, b: number): number => ((a % b) + b) % b

/** The weights, (nChroma, 1 + nFft/2). @throws CbirError INVALID_ARGUMENT */
export function chromaFilters(options: ChromaFiltersOptions): Matrix {
  const { sampleRate, nFft = 2048, nChroma = 12, tuning = 0, ctroct = 5, octwidth = 2, norm = 2, baseC = true } = options
  checkSampleRate(sampleRate)
  checkInteger('nFft', nFft, 4, 2 ** 24)
  checkInteger('nChroma', nChroma, 1, 1200)
  checkNorm('norm', norm)
  checkNumber('tuning', tuning)
  checkNumber('ctroct', ctroct)
  if (octwidth !== null) checkPositive('octwidth', octwidth)
  const bins = Math.floor(nFft / 2) + 1
  // Pitch class of each bin, as a number that goes on counting over the octaves. Bin 0 gets one an octave and a half below bin 1.
  const place = Float64Array.from({ length: bins + 1 }, (_, k) => nChroma * hzToOcts((k * sampleRate) / nFft, tuning, nChroma))
  place[0] = place[1]! - 1.5 * nChroma
  const half = roundHalfEven(nChroma / 2)
  const shift = baseC ? 3 * Math.floor(nChroma / 12) : 0
  const data = new Float32Array(nChroma * bins)
  const column = new Float64Array(nChroma)
  for (let k = 0; k < bins; k++) {
    const width = Math.max(place[k + 1]! - place[k]!, 1)
    for (let c = 0; c < nChroma; c++) {
      const distance = modulo(place[k]! - c + half + 10 * nChroma, nChroma) - half
      column[c] = Math.exp(-0.5 * ((2 * distance) / width) ** 2)
    }
    const length = norm === null ? 1 : lengthOf(column, 0, nChroma, norm)
    const octave = octwidth === null ? 1 : Math.exp(-0.5 * ((place[k]! / nChroma - ctroct) / octwidth) ** 2)
    for (let c = 0; c < nChroma; c++) data[modulo(c - shift, nChroma) * bins + k] = (column[c]! / length) * octave
  }
  return { data, rows: nChroma, columns: bins }
}
