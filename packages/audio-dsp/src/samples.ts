// Samples: one channel of sound as numbers; how they come in, and what is checked of them.

import { CbirError } from '@cbir/core'

/** One channel, a number a sample. The rate is the caller's business: everything here counts in samples. */
export type Samples = Float32Array | Float64Array

/** @throws CbirError INVALID_ARGUMENT for anything that is not a Float32Array or Float64Array */
export function checkSamples(samples: Samples, name = 'The samples'): void {
  if (samples instanceof Float32Array || samples instanceof Float64Array) return
  throw new CbirError('INVALID_ARGUMENT', `${name} must be a Float32Array or a Float64Array. Convert them, e.g. with Float32Array.from(…).`)
}

/** The error for a sample that is not a number. */
export function notFiniteSample(index: number): CbirError {
  return new CbirError('NOT_FINITE', `Sample ${index} is NaN or ±Infinity. Replace such samples, e.g. with 0, before the transform.`, {
    details: { sample: index },
  })
}
