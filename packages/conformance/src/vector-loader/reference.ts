// The reference loader: numbers cut into windows.

import type { Part, VectorLoader } from '@cbir/core'
import { TimeSlice } from '@cbir/core/define'
import { checkSignal, raise } from '../framework/reference-tools.ts'

/** A loader of arrays of numbers: one part for each `window` numbers, the last one shorter; an empty array has no part. `start` and `end` are places in the array. */
export function referenceVectorLoader({ window }: { readonly window: number }): VectorLoader<readonly number[], Float32Array> {
  return {
    kind: 'vector-loader',
    name: 'reference-loader',
    apiVersion: 1,
    fingerprint: `reference-loader:${window}`,
    toConfig: () => ({ type: 'reference-loader', package: '@cbir/conformance', config: { window } }),
    async *load(input, { signal } = {}): AsyncGenerator<Part<Float32Array>, void, undefined> {
      checkSignal(signal)
      if (!Array.isArray(input) || input.some((value) => typeof value !== 'number')) raise('LOAD_FAILED', 'the input must be an array of numbers')
      const slice = new TimeSlice()
      for (let start = 0; start < input.length; start += window) {
        checkSignal(signal)
        const end = Math.min(start + window, input.length)
        yield { value: Float32Array.from(input.slice(start, end)), start, end }
        if (slice.due()) await slice.pause()
      }
    },
    contentUuid: async (input) => {
      const bytes = await crypto.subtle.digest('SHA-1', Float64Array.from(input))
      return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
    },
  }
}
