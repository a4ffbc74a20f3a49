// Autocorrelation of many short rows by Fourier transforms: librosa's `autocorrelate`.

import { irfft, rfft } from '@cbir/audio-dsp'
import type { CallOptions } from '@cbir/core'

/** Numbers that go through one pair of transforms: enough to be worth a call, little enough to be prepared within a slice. */
const BATCH = 1 << 17

/**
 * The smallest even number from `least` on whose only prime factors are 2, 3 and 5: transforms of it are fast. (Two rows of an odd length would go
 * through one complex transform, and rounding would carry a little of a loud row into a silent one, which is then scaled up.)
 */
export function fastLength(least: number): number {
  for (let n = least + (least % 2); ; n += 2) {
    let rest = n
    for (const prime of [2, 3, 5]) while (rest % prime === 0) rest /= prime
    if (rest === 1) return n
  }
}

/**
 * Autocorrelation of `rows` rows of `length` numbers up to lag `lags − 1`. Rows are written by `fill` and answers handed to `take`, some at a time, so
 * that a long recording needs little memory.
 */
export async function autocorrelations(
  rows: number,
  length: number,
  lags: number,
  fill: (row: number, into: Float64Array) => void,
  take: (row: number, correlation: Float64Array) => void,
  { signal }: CallOptions,
): Promise<void> {
  // Lags beyond n − length would wrap around.
  const n = fastLength(length + lags - 1)
  const batch = Math.max(1, Math.floor(BATCH / n))
  for (let from = 0; from < rows; from += batch) {
    const count = Math.min(batch, rows - from)
    const values = new Float64Array(count * length)
    for (let i = 0; i < count; i++) fill(from + i, values.subarray(i * length, (i + 1) * length))
    const spectra = await rfft(values, { length, n, signal })
    const { data } = spectra
    for (let i = 0; i < data.length; i += 2) {
      data[i] = data[i]! * data[i]! + data[i + 1]! * data[i + 1]!
      data[i + 1] = 0
    }
    const correlations = await irfft(spectra, { n, signal })
    for (let i = 0; i < count; i++) take(from + i, correlations.subarray(i * n, i * n + lags))
  }
}
