// The suite on the reference, and on core's generator.

import {
  type DescriptorGeneratorSuiteOptions,
  descriptorGeneratorSuite,
  referenceDescriptorGenerator,
  referenceFeatureExtractor,
} from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { createDescriptorGenerator, type FeatureExtractor } from '@cbir/core'
import { numberWindows } from './support/number-windows.ts'

type Numbers = readonly number[]

const inputs = (count: number): number[][] => Array.from({ length: count }, (_, i) => Array.from({ length: 6 }, (_, j) => i * 31 + j))

const extractor = (): FeatureExtractor<Numbers> => referenceFeatureExtractor({ dimensions: 5 })

for (const [name, make] of [
  ['reference generator', referenceDescriptorGenerator],
  ['core’s generator', createDescriptorGenerator],
] as const) {
  const options: DescriptorGeneratorSuiteOptions<Numbers> = {
    runner,
    name,
    create: () => make(numberWindows(8), extractor()),
    inputs,
    manyParts: () => Array.from({ length: 30 }, (_, i) => i),
    emptyInputs: [[]],
    badInputs: { 'what is no array of numbers': [1, 'two' as never], 'what gives a row that is not finite': [1, Number.NaN] },
    different: () => make(numberWindows(4), extractor()),
  }
  descriptorGeneratorSuite(options)
}
