// The suite on the reference, and on core's loader made of a function.

import { referenceVectorLoader, vectorLoaderSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { CbirError, functionVectorLoader } from '@cbir/core'

const inputs = (count: number): number[][] => Array.from({ length: count }, (_, i) => Array.from({ length: 20 }, (_, j) => i * 31 + j))

vectorLoaderSuite<readonly number[], Float32Array>({
  runner,
  name: 'reference loader',
  create: () => referenceVectorLoader({ window: 8 }),
  inputs,
  manyParts: () => inputs(1)[0]!,
  badInputs: { 'what is no array': 'text' as never, 'an array with a text': [1, 'two' as never] },
  spoil: (value) => void value.fill(-1),
  different: () => referenceVectorLoader({ window: 9 }),
  fromConfig: ({ config }) => {
    if (Object.keys(config).join() !== 'window') throw new CbirError('INVALID_CONFIG', 'the reference has the option window alone')
    return referenceVectorLoader(config as { window: number })
  },
})

vectorLoaderSuite<string, Float32Array>({
  runner,
  name: 'function loader',
  create: () => functionVectorLoader('lengths', (text: string) => text.split(' ').map((word) => word.length), { pad: 4, crop: 4 }),
  inputs: (count) => Array.from({ length: count }, (_, i) => `${'a'.repeat(i)} b cc`),
  badInputs: { 'what makes the function throw': undefined as never },
  spoil: (value) => void value.fill(-1),
  different: () => functionVectorLoader('lengths', (text: string) => text.split(' ').map((word) => word.length), { pool: 4 }),
})
