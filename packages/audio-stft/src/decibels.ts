// Decibels of powers and amplitudes: librosa's `power_to_db` and `amplitude_to_db`.

import { decibels } from '@cbir/audio-dsp'
import type { CallOptions } from '@cbir/core'
import { checkMatrix, type Matrix } from './matrix.ts'

export interface DecibelsOptions extends CallOptions {
  /** What 0 dB is: a number, or the largest value (librosa's `np.max`). Default 1. */
  readonly ref?: number | 'max' | undefined
  /** Smaller values count as this. Default 1e-10, of amplitudes 1e-5. */
  readonly amin?: number | undefined
  /** How far below the largest a value can be; null for no limit. Default 80. */
  readonly topDb?: number | null | undefined
}

/** 10 · log₁₀(S / ref). @throws CbirError INVALID_ARGUMENT, NOT_FINITE, EMPTY */
export async function powerToDb(S: Matrix, options: DecibelsOptions = {}): Promise<Matrix> {
  checkMatrix(S)
  const { rows, columns } = S
  return { data: await decibels(S.data, { ...options, quantity: 'power' }), rows, columns }
}

/** 20 · log₁₀(S / ref). @throws CbirError INVALID_ARGUMENT, NOT_FINITE, EMPTY */
export async function amplitudeToDb(S: Matrix, options: DecibelsOptions = {}): Promise<Matrix> {
  checkMatrix(S)
  const { rows, columns } = S
  return { data: await decibels(S.data, { ...options, quantity: 'amplitude' }), rows, columns }
}
