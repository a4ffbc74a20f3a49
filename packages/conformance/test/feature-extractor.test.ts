// The suite on the reference, and on core's extractors.

import { featureExtractorSuite, referenceFeatureExtractor } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { CbirError, createRegistry, vectorExtractor, vectorExtractorPlugin } from '@cbir/core'

const inputs = (count: number): number[][] => Array.from({ length: count }, (_, i) => Array.from({ length: 20 }, (_, j) => Math.sin(i * 31 + j)))

featureExtractorSuite<readonly number[]>({
  runner,
  name: 'reference extractor',
  create: () => referenceFeatureExtractor({ dimensions: 6 }),
  inputs,
  badInputs: { 'what is no array': 'text' as never, 'an array with a NaN': [1, Number.NaN] },
  spoil: (input) => void (input as number[]).fill(0),
  different: () => referenceFeatureExtractor({ dimensions: 7 }),
  fromConfig: ({ config }) => {
    if (Object.keys(config).join() !== 'dimensions') throw new CbirError('INVALID_CONFIG', 'the reference has the option dimensions alone')
    return referenceFeatureExtractor(config as { dimensions: number })
  },
})

const registry = createRegistry([vectorExtractorPlugin])

featureExtractorSuite<Float32Array>({
  runner,
  name: 'vector-extractor',
  create: () => vectorExtractor(20),
  inputs: (count) => inputs(count).map((values) => Float32Array.from(values)),
  badInputs: { 'a vector that is too short': new Float32Array(19), 'a vector with a NaN': new Float32Array(20).fill(Number.NaN) },
  spoil: (input) => void input.fill(0),
  fromConfig: async (config) => registry.fromConfig(config, 'feature-extractor'),
})
