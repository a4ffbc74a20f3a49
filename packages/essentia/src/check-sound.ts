// What a sound must be before Essentia sees it: it takes anything, and gives numbers for it.

import { CbirError } from '@cbir/core'
import { z } from 'zod'

const [LOWEST, HIGHEST] = [4000, 192_000]

/** Hertz that Essentia's filters are made for; null leaves each recording as it is. */
export const sampleRateField: z.ZodType = z.int().min(LOWEST).max(HIGHEST).nullable().default(44_100)

/** A sound and one copy of it fill Essentia's memory. */
const LONGEST = 2 ** 28

/** @throws CbirError LOAD_FAILED for another rate than Essentia takes, or fewer samples than are needed, or, where it must hold all of them, too many */
export function checkSound(length: number, sampleRate: number, { least, whole }: { readonly least: number; readonly whole: boolean }): void {
  if (sampleRate < LOWEST || sampleRate > HIGHEST) {
    throw new CbirError(
      'LOAD_FAILED',
      `The sound has ${sampleRate} samples a second; ${LOWEST} to ${HIGHEST} can be used. Give the loader a sampleRate.`,
    )
  }
  if (whole && length > LONGEST) {
    throw new CbirError(
      'LOAD_FAILED',
      `The sound is too long: ${length} samples, and Essentia's memory has room for ${LONGEST}. Give the loader \`windows\`, or a lower sampleRate.`,
    )
  }
  if (length < least) {
    throw new CbirError(
      'LOAD_FAILED',
      `The sound is too short: ${length} samples at ${sampleRate} Hz, and ${least} are needed. Use longer sounds, \`tail: 'pad'\`, or a smaller frameSize.`,
    )
  }
}

/** The samples in memory that is all theirs and can be handed to a thread: that of a loader is used again. */
export function ownSamples(samples: Float32Array): Float32Array<ArrayBuffer> {
  return samples.slice()
}
