// SparseFilters: a filter bank (mel, chroma) as the weights that are not zero, row by row.

import { CbirError } from '@cbir/core'

/** `rows` filters over `bins` bins. Row r has the weights `weights[offsets[r] … offsets[r + 1])`, for the bins from `firstBins[r]` on, without a gap. */
export interface SparseFilters {
  readonly rows: number
  readonly bins: number
  readonly firstBins: Uint32Array
  /** rows + 1 places in `weights`, ascending from 0. */
  readonly offsets: Uint32Array
  readonly weights: Float64Array
}

/**
 * Sparse form of a dense bank of `rows` × `bins` weights, row-major: of each row the stretch from its first weight that is not zero to its last.
 * @throws CbirError DIMENSION_MISMATCH (length), NOT_FINITE
 */
export function sparseFilters(weights: ArrayLike<number>, rows: number, bins: number): SparseFilters {
  if (weights.length !== rows * bins || rows < 1 || bins < 1) {
    throw new CbirError('DIMENSION_MISMATCH', `${rows} × ${bins} weights were expected (rows × bins); given were ${weights.length}.`)
  }
  const firstBins = new Uint32Array(rows)
  const offsets = new Uint32Array(rows + 1)
  const kept: number[] = []
  for (let row = 0; row < rows; row++) {
    let first = 0
    let end = 0
    for (let bin = 0; bin < bins; bin++) {
      const weight = weights[row * bins + bin]!
      if (!Number.isFinite(weight)) throw new CbirError('NOT_FINITE', `Weight ${bin} of filter ${row} is ${weight}.`)
      if (weight === 0) continue
      if (end === 0) first = bin
      end = bin + 1
    }
    firstBins[row] = first
    for (let bin = first; bin < end; bin++) kept.push(weights[row * bins + bin]!)
    offsets[row + 1] = kept.length
  }
  return { rows, bins, firstBins, offsets, weights: Float64Array.from(kept) }
}

/** A private copy that surely fits `bins` bins. @throws CbirError DIMENSION_MISMATCH, INVALID_ARGUMENT, NOT_FINITE */
export function checkedFilters(filters: SparseFilters, bins: number): SparseFilters {
  const { rows } = filters
  if (filters.bins !== bins) {
    throw new CbirError('DIMENSION_MISMATCH', `The filters are for ${filters.bins} bins; a transform of this length has ${bins}.`)
  }
  const firstBins = Uint32Array.from(filters.firstBins)
  const offsets = Uint32Array.from(filters.offsets)
  const weights = Float64Array.from(filters.weights)
  let fits = rows > 0 && firstBins.length === rows && offsets.length === rows + 1 && offsets[0] === 0 && offsets[rows] === weights.length
  for (let row = 0; fits && row < rows; row++) {
    const length = offsets[row + 1]! - offsets[row]!
    fits = length >= 0 && firstBins[row]! + length <= bins
  }
  if (!fits) throw new CbirError('INVALID_ARGUMENT', 'The filters contradict themselves: make them with sparseFilters().')
  if (!weights.every(Number.isFinite)) throw new CbirError('NOT_FINITE', 'The filters hold NaN or ±Infinity.')
  return { rows, bins, firstBins, offsets, weights }
}
