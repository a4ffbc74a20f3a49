// Thresholds of a projection: what a point is projected on, which is where its bits change.

import { inSlices } from '@cbir/core/define'

/** Multiplications between two looks at the clock. */
const STEP = 1 << 18

/** Σᵢ point[i] · matrix[i · bits + j] for every bit j. @throws CbirError ABORTED */
export async function thresholdsAt(point: Float64Array, matrix: Float32Array, bits: number, signal: AbortSignal | undefined): Promise<Float64Array> {
  const thresholds = new Float64Array(bits)
  await inSlices(
    point.length,
    Math.max(1, Math.floor(STEP / bits)),
    (from, to) => {
      for (let i = from; i < to; i++) for (let j = 0; j < bits; j++) thresholds[j]! += point[i]! * matrix[i * bits + j]!
    },
    signal,
  )
  return thresholds
}
