// Matrices of random numbers, drawn in slices.

import { inSlices } from '@cbir/core/define'
import type { Random } from './random.ts'

/** Numbers that are drawn between two looks at the clock. */
const STEP = 1 << 12

/** Fills `numbers` with what `draw` gives. @throws CbirError ABORTED */
export async function drawn<T extends Float32Array | Float64Array>(numbers: T, draw: () => number, signal: AbortSignal | undefined): Promise<T> {
  await inSlices(
    numbers.length,
    STEP,
    (from, to) => {
      for (let i = from; i < to; i++) numbers[i] = draw()
    },
    signal,
  )
  return numbers
}

/** Independent numbers of mean 0 and variance 1. @throws CbirError ABORTED */
export function gaussians(count: number, random: Random, signal: AbortSignal | undefined): Promise<Float64Array> {
  return drawn(new Float64Array(count), () => random.gaussian(), signal)
}
