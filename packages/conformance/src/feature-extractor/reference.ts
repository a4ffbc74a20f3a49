// The reference extractor: for each input a row of weighted sums. Its point is that every number of the input and its place count.

import type { FeatureExtractor } from '@cbir/core'
import { mapInTurns, raise, trackCalls } from '../framework/reference-tools.ts'

/** An extractor of arrays of numbers: number *k* of the row is Σ input[i] · cos(i·(k + 1)) ÷ length. */
export function referenceFeatureExtractor({ dimensions }: { readonly dimensions: number }): FeatureExtractor<readonly number[]> {
  const calls = trackCalls()
  return {
    kind: 'feature-extractor',
    name: 'reference-extractor',
    apiVersion: 1,
    dimensions,
    fingerprint: `reference-extractor:${dimensions}`,
    batchSize: 8,
    toConfig: () => ({ type: 'reference-extractor', package: '@cbir/conformance', config: { dimensions } }),
    extract: (inputs, { signal } = {}) =>
      calls.run(signal, async () => {
        const own = inputs.map((input) => (Array.isArray(input) ? [...input] : raise('INVALID_ARGUMENT', 'an input must be an array of numbers')))
        const data = new Float32Array(own.length * dimensions)
        await mapInTurns(own, (input, i) => data.set(rowFor(input, dimensions), i * dimensions), signal)
        return { data, count: own.length, dimensions }
      }),
    dispose: () => calls.dispose(),
  }
}

function rowFor(input: readonly number[], dimensions: number): Float32Array {
  const row = new Float32Array(dimensions)
  for (let k = 0; k < dimensions; k++) row[k] = input.reduce((sum, value, i) => sum + value * Math.cos(i * (k + 1)), 0) / input.length
  if (!row.every(Number.isFinite)) raise('NOT_FINITE', 'the input gives no finite row')
  return row
}
