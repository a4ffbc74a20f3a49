// vectorExtractor: for loaders whose arrays are feature vectors already.

import { definePlugin, type PluginFactory } from '../config/define-plugin.ts'
import { field, objectSchema } from '../config/object-schema.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { checkPositiveInteger } from '../vectors/check-number.ts'
import { defineFeatureExtractor } from './define-feature-extractor.ts'
import type { FeatureExtractor } from './feature-extractor.ts'

/** Takes Float32Arrays of `dimensions` numbers and gives them as they are. @throws CbirError DIMENSION_MISMATCH for another length */
export function vectorExtractor(dimensions: number): FeatureExtractor<Float32Array> {
  checkPositiveInteger(dimensions, 'dimensions')
  return defineFeatureExtractor<Float32Array>(
    { name: 'vector-extractor', package: '@cbir/core', config: { dimensions } },
    {
      dimensions,
      fingerprint: String(dimensions),
      batchSize: 256,
      extract(inputs) {
        const data = new Float32Array(inputs.length * dimensions)
        inputs.forEach((vector, i) => {
          if (vector.length !== dimensions) {
            throw new CbirError(
              'DIMENSION_MISMATCH',
              `Input ${i} has ${vector.length} numbers; ${dimensions} are expected. Give the loader pad, crop or pool.`,
            )
          }
          data.set(vector, i * dimensions)
        })
        return { data, count: inputs.length, dimensions }
      },
    },
  )
}

/** The configuration of a vector extractor. */
export interface VectorExtractorConfig {
  /** Numbers a vector. */
  readonly dimensions: number
}

/** The plugin: a vector extractor from `{ dimensions }`. */
export const vectorExtractorPlugin: PluginFactory<VectorExtractorConfig, VectorExtractorConfig, FeatureExtractor<Float32Array>> = definePlugin({
  kind: 'feature-extractor',
  interfaces: ['FeatureExtractor'],
  name: 'vector-extractor',
  package: '@cbir/core',
  configSchema: objectSchema<VectorExtractorConfig>({ dimensions: field.integer({ min: 1 }) }),
  create: ({ dimensions }) => vectorExtractor(dimensions),
})
