// Samples that a person gives: what they must be.

import { CbirError, describeType } from '@cbir/core'
import { inSlices } from '@cbir/core/define'

/** Samples of one channel. */
export type Samples = Float32Array | Float64Array

/** @throws CbirError INVALID_ARGUMENT, EMPTY */
export function checkedSamples(samples: Samples): Samples {
  if (!(samples instanceof Float32Array || samples instanceof Float64Array)) {
    throw new CbirError('INVALID_ARGUMENT', `The samples must be a Float32Array or a Float64Array; given was ${describeType(samples)}.`)
  }
  if (samples.length === 0) throw new CbirError('EMPTY', 'There are no samples. At least one is needed.')
  return samples
}

/** `padding`: how many samples stand before the caller's first. @throws CbirError NOT_FINITE */
export async function checkFiniteSamples(samples: Samples, padding: number, signal: AbortSignal | undefined): Promise<void> {
  const work = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      if (Number.isFinite(samples[i])) continue
      const sample = i - padding
      throw new CbirError('NOT_FINITE', `Sample ${sample} is ${samples[i]}. Replace such samples, e.g. with 0, first.`, { details: { sample } })
    }
  }
  await inSlices(samples.length, 1 << 16, work, signal)
}

/** @throws CbirError INVALID_ARGUMENT unless it is a positive number */
export function checkSampleRate(sampleRate: number): void {
  if (typeof sampleRate === 'number' && sampleRate > 0 && Number.isFinite(sampleRate)) return
  throw new CbirError('INVALID_ARGUMENT', `sampleRate is the number of samples in a second, above 0; given was ${String(sampleRate)}.`)
}
