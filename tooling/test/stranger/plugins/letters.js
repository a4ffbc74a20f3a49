// Texts as counts of their letters: a loader, an extractor, and the generator that is made of both.

import { createDescriptorGenerator, defineFeatureExtractor, definePlugin, defineVectorLoader, vectorBatch } from '@cbir/core'
import { configWith, field, objectSchema } from '@cbir/core/define'
import { PACKAGE } from './package-name.js'

/** A text gives one part for each of its sentences: its letters, folded to lower case where `fold` says so. */
export const letters = definePlugin({
  kind: 'vector-loader',
  interfaces: ['VectorLoader'],
  name: 'letters',
  package: PACKAGE,
  configSchema: objectSchema({ fold: field.boolean({ default: true }) }),
  create: (config) =>
    defineVectorLoader(
      { name: 'letters', package: PACKAGE, config },
      {
        fingerprint: `1:${config.fold}`,
        async *load(text) {
          let start = 0
          for (const sentence of text.split('.')) {
            const end = start + sentence.length
            if (sentence.trim() !== '') yield { value: config.fold ? sentence.toLowerCase() : sentence, start, end }
            start = end + 1
          }
        },
      },
    ),
})

/** Row *i* holds how often each letter of `alphabet` is in text *i*. */
export const letterCounts = definePlugin({
  kind: 'feature-extractor',
  interfaces: ['FeatureExtractor'],
  name: 'letter-counts',
  package: PACKAGE,
  configSchema: objectSchema({ alphabet: field.string({ minLength: 1, default: 'etaoinshrdlu' }) }),
  create(config) {
    const alphabet = [...config.alphabet]
    return defineFeatureExtractor(
      { name: 'letter-counts', package: PACKAGE, config },
      {
        dimensions: alphabet.length,
        fingerprint: `1:${config.alphabet}`,
        extract(texts) {
          const counts = texts.flatMap((text) => alphabet.map((letter) => text.split(letter).length - 1))
          return vectorBatch(Float32Array.from(counts), alphabet.length)
        },
      },
    )
  },
})

/** Its configuration holds two components. */
export const letterGenerator = definePlugin({
  kind: 'descriptor-generator',
  interfaces: ['DescriptorGenerator'],
  name: 'letter-generator',
  package: PACKAGE,
  components: { loader: 'vector-loader', extractor: 'feature-extractor' },
  configSchema: objectSchema({
    loader: field.component({ default: { type: 'letters', package: PACKAGE, config: {} } }),
    extractor: field.component({ default: { type: 'letter-counts', package: PACKAGE, config: {} } }),
  }),
  create(config, built) {
    const configNow = configWith(config, built)
    const generator = createDescriptorGenerator(built.loader, built.extractor)
    const toConfig = () => ({ type: 'letter-generator', package: PACKAGE, config: configNow() })
    return { ...generator, name: 'letter-generator', toConfig }
  },
})
