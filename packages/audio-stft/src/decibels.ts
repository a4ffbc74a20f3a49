// Decibels of powers and amplitudes: librosa's `power_to_db` and `amplitude_to_db`.

import { decibels } from '@cbir/audio-dsp'
import type { CallOptions } from '@cbir/core'
import { checkChoice } from './check.ts'
import { checkMatrix, type Matrix } from './matrix.ts'
import { levelOf, REFERENCE_LEVELS, type ReferenceLevel } from './reference-level.ts'

export interface DecibelsOptions extends CallOptions {
  /** What 0 dB is: a number, or the largest value, the mean, the median or the smallest (librosa's `np.max` and so on). Default 1. */
  readonly ref?: number | ReferenceLevel | undefined
  /** Smaller values count as this. Default 1e-10, of amplitudes 1e-5. */
  readonly amin?: number | undefined
  /** How far below the largest a value can be; null for no limit. Default 80. */
  readonly topDb?: number | null | undefined
}

/** 10 · log₁₀(S / ref), as large as S. Negative powers count as `amin`. @throws CbirError INVALID_ARGUMENT, NOT_FINITE, EMPTY, ABORTED */
export async function powerToDb(S: Matrix, options: DecibelsOptions = {}): Promise<Matrix> {
  return inDecibels(S, options, 'power')
}

/** 20 · log₁₀(|S| / ref), as large as S. @throws CbirError INVALID_ARGUMENT, NOT_FINITE, EMPTY, ABORTED */
export async function amplitudeToDb(S: Matrix, options: DecibelsOptions = {}): Promise<Matrix> {
  return inDecibels(S, options, 'amplitude')
}

async function inDecibels(S: Matrix, options: DecibelsOptions, quantity: 'power' | 'amplitude'): Promise<Matrix> {
  checkMatrix(S)
  const { rows, columns } = S
  const { ref = 1 } = options
  if (typeof ref !== 'number') checkChoice('ref', ref, REFERENCE_LEVELS)
  if (typeof ref === 'number' || ref === 'max') return { data: await decibels(S.data, { ...options, ref, quantity }), rows, columns }
  const own = S.data.slice()
  const level = await levelOf(own, ref, quantity === 'amplitude', options)
  // Of a negative level librosa takes `amin`. Numbers that are none are refused by what follows, in its own words.
  return { data: await decibels(own, { ...options, ref: Number.isFinite(level) ? Math.max(0, level) : 1, quantity }), rows, columns }
}
