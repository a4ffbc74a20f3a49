// chain: extractors one after another, e.g. a network and then a PCA.

import { API_VERSION, type ComponentConfig } from '../component/component.ts'
import { definePlugin, type PluginFactory } from '../config/define-plugin.ts'
import { field, objectSchema } from '../config/object-schema.ts'
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

/** The configuration of a chain. */
export interface ChainConfig {
  /** Two feature extractors or more, in their order. */
  readonly extractors: readonly ComponentConfig[]
}

/** The plugin: a chain from `{ extractors: [first, next, …] }`. @throws CbirError INVALID_ARGUMENT for fewer than two */
export const chainPlugin: PluginFactory<{ readonly extractors: readonly FeatureExtractor[] }, ChainConfig, FeatureExtractor> = definePlugin({
  kind: 'feature-extractor',
  interfaces: ['FeatureExtractor'],
  name: 'chain',
  package: '@cbir/core',
  components: { extractors: 'feature-extractor[]' },
  configSchema: objectSchema<ChainConfig>({ extractors: field.array(field.component()) }),
  create(_config, _built, { extractors = [] }) {
    const [first, ...rest] = extractors as readonly FeatureExtractor[]
    if (!first) throw new CbirError('INVALID_ARGUMENT', 'chain takes two extractors or more.')
    return chain(first, ...(rest as readonly FeatureExtractor<Float32Array>[]))
  },
})
