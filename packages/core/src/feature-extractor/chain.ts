// chain: extractors one after another, e.g. a network and then a PCA.

import { API_VERSION } from '../component/component.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { rowOf } from '../vectors/vector-batch.ts'
import { defineFeatureExtractor } from './define-feature-extractor.ts'
import type { FeatureExtractor } from './feature-extractor.ts'

/**
 * The vectors of `first` are the inputs of the next extractor, and so on. It disposes none of them.
 * @throws CbirError INVALID_ARGUMENT without a second extractor
 */
export function chain<T>(first: FeatureExtractor<T>, ...rest: readonly FeatureExtractor<Float32Array>[]): FeatureExtractor<T> {
  const last = rest.at(-1)
  if (!last) throw new CbirError('INVALID_ARGUMENT', 'chain takes two extractors or more.')
  const all = [first, ...rest] as const
  return defineFeatureExtractor<T>(
    { name: 'chain', package: '@cbir/core', config: () => ({ extractors: all.map((extractor) => extractor.toConfig()) }) },
    {
      dimensions: last.dimensions,
      fingerprint: JSON.stringify([API_VERSION, ...all.map((extractor) => extractor.fingerprint)]),
      ...(last.space === undefined ? {} : { space: last.space }),
      batchSize: first.batchSize,
      async extract(inputs, options) {
        let batch = await first.extract(inputs, options)
        for (const next of rest) {
          const rows = batch
          batch = await next.extract(
            Array.from({ length: rows.count }, (_, i) => rowOf(rows, i)),
            options,
          )
        }
        return batch
      },
    },
  )
}
