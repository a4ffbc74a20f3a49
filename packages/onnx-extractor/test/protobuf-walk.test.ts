// The walk over a model's protobuf: what it finds in whole files, and that damaged ones end in INVALID_MODEL.

import { readdirSync, readFileSync } from 'node:fs'
import { CbirError } from '@cbir/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasTestData, testData } from '../../../tooling/test-data.ts'
import { readOnnxModel } from '../src/index.ts'
import { editDistance, nearNames } from '../src/model/near-names.ts'
import {
  attribute,
  bytesField,
  external,
  FLOAT,
  floats,
  graph,
  INT64,
  identity,
  intField,
  model,
  node,
  value,
  varint,
} from './support/onnx-encoder.ts'

const NESTED = graph({
  nodes: [node('Identity', ['w'], ['inside'])],
  inputs: [],
  outputs: [value('inside')],
  initializers: [external('w', [1], 'deep/w.bin', 4)],
})

const RICH = model({
  nodes: [
    node('MatMul', ['x', 'weights'], ['hidden']),
    node('If', ['condition'], ['chosen', ''], [attribute.graph('then_branch', NESTED)]),
    node('Relu', ['hidden'], ['y']),
  ],
  inputs: [value('x', FLOAT, ['N', 3]), value('tokens', INT64, ['N', '']), value('weights', FLOAT, [3, 2]), value('open', FLOAT), value('bare')],
  outputs: [value('y', FLOAT, ['N', 2]), value('chosen', FLOAT, [])],
  initializers: [floats('weights', [3, 2], [1, 2, 3, 4, 5, 6]), external('bias', [2], 'model.data', 8), external('scale', [2], 'model.data', 8)],
})

async function failure(bytes: Uint8Array): Promise<unknown> {
  return readOnnxModel(bytes).then(
    () => undefined,
    (error: unknown) => error,
  )
}

describe('a whole model', () => {
  test('gives inputs, outputs, inner tensors and data files', async () => {
    const outline = await readOnnxModel(RICH)
    expect(outline.inputs).toEqual([
      { name: 'x', isTensor: true, type: 'float32', shape: ['N', 3] },
      { name: 'tokens', isTensor: true, type: 'int64', shape: ['N', ''] },
      { name: 'open', isTensor: true, type: 'float32', shape: undefined },
      { name: 'bare', isTensor: true },
    ])
    expect(outline.outputs.map(({ name, shape }) => [name, shape])).toEqual([
      ['y', ['N', 2]],
      ['chosen', []],
    ])
    expect(outline.tensors).toEqual([
      { name: 'hidden', opType: 'MatMul' },
      { name: 'chosen', opType: 'If' },
      { name: 'y', opType: 'Relu' },
    ])
    expect(outline.externalFiles).toEqual(['deep/w.bin', 'model.data'])
  })

  test('may lie in shared memory', async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(RICH.length))
    shared.set(RICH)
    expect(await readOnnxModel(shared)).toEqual(await readOnnxModel(RICH))
  })

  test('a second graph field adds to the first', async () => {
    const added = Uint8Array.from([...identity(['N', 2]), ...bytesField(7, bytesField(12, value('more')))])
    expect((await readOnnxModel(added)).outputs.map(({ name }) => name)).toEqual(['y', 'more'])
  })

  test('sequences and unknown types are told from tensors', async () => {
    const sequence = [...bytesField(1, 's'), ...bytesField(2, bytesField(4, []))]
    const strange = [...bytesField(1, 'b'), ...bytesField(2, bytesField(1, intField(1, 16)))]
    const negative = [...bytesField(1, 'n'), ...bytesField(2, bytesField(1, [...intField(1, 1), ...bytesField(2, bytesField(1, intField(1, -1n)))]))]
    const { outputs } = await readOnnxModel(model({ nodes: [], inputs: [], outputs: [sequence, strange, negative] }))
    expect(outputs).toEqual([
      { name: 's', isTensor: false },
      { name: 'b', isTensor: true, type: 'other', shape: undefined },
      { name: 'n', isTensor: true, type: 'float32', shape: [''] },
    ])
  })

  test.skipIf(!hasTestData)('of every exporter at hand can be read', async () => {
    for (const file of readdirSync(testData('models')).filter((name) => name.endsWith('.onnx'))) {
      const outline = await readOnnxModel(readFileSync(testData('models', file)))
      expect(outline.inputs.length, file).toBeGreaterThan(0)
      expect(outline.outputs.length, file).toBeGreaterThan(0)
      const names = outline.tensors.map(({ name }) => name)
      for (const { name } of outline.outputs) expect(names, file).toContain(name)
    }
  })
})

describe('damaged bytes', () => {
  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['text', new TextEncoder().encode('<html>404</html>')],
    ['no graph', Uint8Array.from(intField(1, 8))],
    ['a length of 2^60', Uint8Array.from([...varint(7 * 8 + 2), ...varint(2n ** 60n)])],
    ['a length of 2^64 − 1', Uint8Array.from([...varint(7 * 8 + 2), ...varint(2n ** 64n - 1n)])],
    ['an endless number', new Uint8Array(64).fill(0xff)],
    ['a group', Uint8Array.from([7 * 8 + 3])],
    ['field zero', Uint8Array.from([2, 0])],
    ['a graph that is a number', Uint8Array.from(intField(7, 1))],
    ['data in a file without a name', model({ nodes: [], inputs: [], outputs: [], initializers: [intField(14, 1)] })],
  ])('%s is INVALID_MODEL', async (_, bytes) => {
    expect(await failure(bytes)).toMatchObject({ code: 'INVALID_MODEL' })
  })

  test('graphs nested without end are INVALID_MODEL', async () => {
    let inner = graph({ nodes: [], inputs: [], outputs: [] })
    for (let i = 0; i < 100; i++)
      inner = graph({ nodes: [node('If', ['c'], ['o'], [attribute.graph('then_branch', inner)])], inputs: [], outputs: [] })
    expect(await failure(Uint8Array.from(bytesField(7, inner)))).toMatchObject({ code: 'INVALID_MODEL' })
  })

  test('every cut is a shorter model or INVALID_MODEL', async () => {
    for (let length = 0; length < RICH.length; length++) {
      const error = await failure(RICH.slice(0, length))
      if (error !== undefined) expect(CbirError.isInstance(error, 'INVALID_MODEL')).toBe(true)
    }
  })

  test('flips, cuts and insertions at random end well', async () => {
    const at = fc.nat({ max: RICH.length - 1 })
    const flip = fc.tuple(at, fc.integer({ min: 0, max: 255 }))
    await fc.assert(
      fc.asyncProperty(fc.array(flip, { minLength: 1, maxLength: 8 }), at, fc.uint8Array({ maxLength: 12 }), async (flips, cut, inserted) => {
        const bytes = RICH.slice()
        for (const [i, byte] of flips) bytes[i] = byte
        const mixed = Uint8Array.from([...bytes.subarray(0, cut), ...inserted, ...bytes.subarray(cut)])
        for (const candidate of [bytes, mixed, mixed.subarray(0, cut)]) {
          const error = await failure(candidate)
          if (error !== undefined) expect(CbirError.isInstance(error, 'INVALID_MODEL')).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('near names', () => {
  test('edit distance is a metric', () => {
    const word = fc.string({ maxLength: 12 })
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a))
        expect(editDistance(a, b) === 0).toBe(a === b)
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c))
      }),
    )
    expect(editDistance('kitten', 'sitting')).toBe(3)
  })

  test('the nearest come first, each once', async () => {
    const names = ['conv1', 'pool5', 'features', 'features', 'feature_map', 'Features']
    expect(await nearNames('featurs', names, 3)).toEqual(['features', 'Features', 'feature_map'])
  })
})
