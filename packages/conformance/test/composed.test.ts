// The suites on what core composes of other components: a chain of extractors, and a generator that is made from configuration.

import { descriptorGeneratorSuite, featureExtractorSuite, referenceFeatureExtractor } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import {
  chain,
  chainPlugin,
  createDescriptorGenerator,
  createRegistry,
  type DescriptorGenerator,
  descriptorGeneratorPlugin,
  type FeatureExtractor,
  vectorExtractor,
  vectorExtractorPlugin,
} from '@cbir/core'
import { numberWindows } from './support/number-windows.ts'
import { extractorPlugin, windowsPlugin } from './support/reference-plugins.ts'

type Numbers = readonly number[]

const registry = createRegistry([chainPlugin, descriptorGeneratorPlugin, vectorExtractorPlugin, extractorPlugin, windowsPlugin])
const inputs = (count: number): number[][] => Array.from({ length: count }, (_, i) => Array.from({ length: 20 }, (__, j) => Math.sin(i * 31 + j)))
const chained = (dimensions: number): FeatureExtractor<Numbers> =>
  chain(referenceFeatureExtractor({ dimensions }), vectorExtractor(dimensions), vectorExtractor(dimensions))

featureExtractorSuite<Numbers>({
  runner,
  name: 'chain',
  create: () => chained(6),
  inputs,
  badInputs: { 'what is no array': 'text' as never, 'an array with a NaN': [1, Number.NaN] },
  spoil: (input) => void (input as number[]).fill(0),
  different: () => chained(7),
  fromConfig: (config) => registry.fromConfig(config, 'feature-extractor') as Promise<FeatureExtractor<Numbers>>,
})

descriptorGeneratorSuite<Numbers>({
  runner,
  name: 'descriptor-generator',
  create: () => createDescriptorGenerator(numberWindows(8), chained(5)),
  inputs,
  manyParts: () => Array.from({ length: 30 }, (_, i) => i),
  emptyInputs: [[]],
  badInputs: { 'what is no array of numbers': [1, 'two' as never], 'what gives a row that is not finite': [1, Number.NaN] },
  different: () => createDescriptorGenerator(numberWindows(8), chained(6)),
  fromConfig: (config) => registry.fromConfig(config, 'descriptor-generator') as Promise<DescriptorGenerator<Numbers>>,
})
