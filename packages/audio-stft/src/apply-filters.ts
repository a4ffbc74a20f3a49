// A filter bank over a spectrogram that is there already. (From samples, audio-dsp does both at once.)

import { type RealFrames, sparseFilters } from '@cbir/audio-dsp'
import { CbirError } from '@cbir/core'
import type { Matrix } from './matrix.ts'
import { eachFrame } from './per-frame.ts'

/** Frames of `filters.rows` numbers, summed in double. @throws CbirError DIMENSION_MISMATCH */
export async function applyFilters({ data, frames, bins }: RealFrames, filters: Matrix, signal: AbortSignal | undefined): Promise<RealFrames> {
  const { rows } = filters
  if (filters.columns !== bins) {
    throw new CbirError(
      'DIMENSION_MISMATCH',
      `The filters are for ${filters.columns} bins, and the spectrogram has ${bins}. Give the nFft that it was made with.`,
    )
  }
  const { firstBins, offsets, weights } = sparseFilters(filters.data, rows, bins)
  const out = new Float32Array(frames * rows)
  await eachFrame(
    frames,
    weights.length,
    (t) => {
      for (let row = 0; row < rows; row++) {
        let bin = t * bins + firstBins[row]!
        let sum = 0
        for (let i = offsets[row]!; i < offsets[row + 1]!; i++) sum += weights[i]! * data[bin++]!
        out[t * rows + row] = sum
      }
    },
    signal,
  )
  return { data: out, frames, bins: rows }
}
