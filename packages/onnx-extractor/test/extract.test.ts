// Extraction with models made on the spot: checks of inputs and outputs, pooling, types, batches.

import { CbirError, type ErrorCode, type FeatureExtractor, type Tensor } from '@cbir/core'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { type OnnxExtractorConfig, type OnnxInput, onnxExtractor } from '../src/index.ts'
import {
  attribute,
  BOOL,
  DOUBLE,
  FLOAT,
  FLOAT16,
  floats,
  INT32,
  INT64,
  identity,
  int64s,
  model,
  node,
  type Shape,
  STRING,
  UINT8,
  value,
} from './support/onnx-encoder.ts'
import { f32, rowsOf } from './support/tensors.ts'

const made: FeatureExtractor<OnnxInput>[] = []

/** An extractor with few threads that is disposed after the test. */
async function make(config: OnnxExtractorConfig): Promise<FeatureExtractor<OnnxInput>> {
  const extractor = await onnxExtractor({ workers: 1, ...config })
  made.push(extractor)
  return extractor
}

afterEach(async () => {
  await Promise.all(made.splice(0).map((extractor) => extractor.dispose()))
})

async function expectError(work: Promise<unknown>, code: ErrorCode, ...says: RegExp[]): Promise<void> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(CbirError.isInstance(error) ? error.code : error).toBe(code)
  for (const text of says) expect((error as Error).message).toMatch(text)
}

/** A model of one cast: what goes in comes out in another type. */
const castModel = (from: number, to: number, shape: Shape = ['N', 3]): Uint8Array =>
  model({ nodes: [node('Cast', ['x'], ['y'], [attribute.int('to', to)])], inputs: [value('x', from, shape)], outputs: [value('y', to, shape)] })

describe('rows', () => {
  test('keep their order whatever the batch size and the number of workers', async () => {
    const items = Array.from({ length: 23 }, (_, i) => f32([2], [i, -i]))
    for (const config of [
      { batchSize: 1, workers: 2 },
      { batchSize: 4, workers: 2 },
      { batchSize: 64, workers: 1 },
      { batchSize: 5, workers: 3 },
    ]) {
      const extractor = await make({ model: identity(['N', 2]), ...config })
      expect(extractor.batchSize).toBe(config.batchSize * config.workers)
      expect(rowsOf(await extractor.extract(items))).toEqual(items.map(({ data }) => [...data]))
    }
  })

  test('a batch axis of one in front of an item is taken off', async () => {
    const extractor = await make({ model: identity(['N', 2]) })
    expect(rowsOf(await extractor.extract([f32([1, 2], [1, 2]), f32([2], [3, 4])]))).toEqual([
      [1, 2],
      [3, 4],
    ])
  })

  test('of any number of calls at once do not mix', async () => {
    const extractor = await make({ model: identity(['N', 1]), workers: 2, batchSize: 2 })
    const calls = Array.from({ length: 20 }, (_, c) => Array.from({ length: c % 5 }, (__, i) => f32([1], [c * 100 + i])))
    const batches = await Promise.all(calls.map((items) => extractor.extract(items)))
    expect(batches.map(({ data }) => [...data])).toEqual(calls.map((items) => items.map(({ data }) => data[0])))
  })

  test('come from what the arrays held when the call was made', async () => {
    const extractor = await make({ model: identity(['N', 4]), batchSize: 1 })
    const first = f32([4], [1, 2, 3, 4])
    const second = f32([4], [5, 6, 7, 8])
    const pending = extractor.extract([first, second])
    first.data.fill(-1)
    structuredClone(second.data.buffer, { transfer: [second.data.buffer as ArrayBuffer] })
    expect(rowsOf(await pending)).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ])
  })

  test('do not take the memory of the caller', async () => {
    const extractor = await make({ model: identity(['N', 2]) })
    const backing = new Float32Array([9, 1, 2, 9])
    const item: Tensor = { dtype: 'f32', shape: [2], data: backing.subarray(1, 3) }
    expect(rowsOf(await extractor.extract([item]))).toEqual([[1, 2]])
    expect([...backing]).toEqual([9, 1, 2, 9])
  })

  test('more items than a call may copy ahead are all served', async () => {
    const extractor = await make({ model: identity(['N', 1]), workers: 2, batchSize: 1 })
    const progress: number[] = []
    const items = Array.from({ length: 100 }, (_, i) => f32([1], [i]))
    const { data } = await extractor.extract(items, { onProgress: ({ done, total }) => progress.push(done, total ?? -1) })
    expect([...data]).toEqual(items.map((_, i) => i))
    expect(progress.slice(-2)).toEqual([100, 100])
    expect(progress.length).toBe(200)
  })

  test('items of different shapes go in different runs, in order', async () => {
    const pooled = await make({ model: identity(['N', 'tokens', 2]), pooling: 'mean-tokens' })
    const items = [f32([1, 2], [1, 2]), f32([3, 2], [1, 1, 2, 2, 3, 3]), f32([3, 2], [0, 0, 0, 3, 0, 6]), f32([1, 2], [7, 8])]
    expect(rowsOf(await pooled.extract(items))).toEqual([
      [1, 2],
      [2, 2],
      [0, 3],
      [7, 8],
    ])
  })

  test('a model that fixes its batch is filled up', async () => {
    for (const size of [1, 4]) {
      const extractor = await make({ model: identity([size, 2]), workers: 2, batchSize: 6 })
      const items = Array.from({ length: 9 }, (_, i) => f32([2], [i, i + 0.5]))
      for (let round = 0; round < 2; round++) expect(rowsOf(await extractor.extract(items))).toEqual(items.map(({ data }) => [...data]))
    }
  })

  test('a model without a batch axis takes whole items', async () => {
    const extractor = await make({ model: identity([2, 3]), batched: false })
    expect(extractor.dimensions).toBe(6)
    const items = [f32([2, 3], [1, 2, 3, 4, 5, 6]), f32([2, 3], [6, 5, 4, 3, 2, 1])]
    expect(rowsOf(await extractor.extract(items))).toEqual(items.map(({ data }) => [...data]))
  })

  test('an empty call gives no rows', async () => {
    const extractor = await make({ model: identity(['N', 3]) })
    expect(await extractor.extract([])).toMatchObject({ count: 0, dimensions: 3 })
  })
})

describe('inputs are checked before anything runs', () => {
  const picture = ['N', 3, 4, 4]

  test.each<[string, OnnxInput, ErrorCode, RegExp]>([
    ['another size', f32([3, 5, 5], new Float32Array(75)), 'DIMENSION_MISMATCH', /3,5,5.*3,4,4.*preset or size/],
    ['channels last', f32([4, 4, 3], new Float32Array(48)), 'DIMENSION_MISMATCH', /NCHW/],
    ['another rank', f32([48], new Float32Array(48)), 'DIMENSION_MISMATCH', /48;.*3,4,4/],
    ['a batch', f32([2, 3, 4, 4], new Float32Array(96)), 'DIMENSION_MISMATCH', /one by one/],
    ['bytes', { dtype: 'u8', shape: [3, 4, 4], data: new Uint8Array(48) }, 'INVALID_ARGUMENT', /u8.*float32.*f32.*cast: true/],
    ['text', { dtype: 'string', shape: [3, 4, 4], data: [] }, 'INVALID_ARGUMENT', /string.*float32/],
    ['too few numbers', { dtype: 'f32', shape: [3, 4, 4], data: new Float32Array(47) }, 'INVALID_ARGUMENT', /47 numbers.*48/],
    ['another array', { dtype: 'f32', shape: [3, 4, 4], data: new Uint8Array(48) as never }, 'INVALID_ARGUMENT', /Float32Array.*Uint8Array/],
    ['an unknown type', { dtype: 'f16' as never, shape: [3, 4, 4], data: new Float32Array(48) }, 'INVALID_ARGUMENT', /f16/],
    ['an empty axis', { dtype: 'f32', shape: [3, 0, 4], data: new Float32Array(0) }, 'DIMENSION_MISMATCH', /positive/],
    ['no tensor', 7 as never, 'INVALID_ARGUMENT', /number/],
    ['null', null as never, 'INVALID_ARGUMENT', /null/],
    ['another name', { image: f32([3, 4, 4], new Float32Array(48)) }, 'INVALID_ARGUMENT', /"x" is missing.*"image" is not/],
  ])('%s', async (_, item, code, says) => {
    const extractor = await make({ model: identity(picture) })
    const good = f32([3, 4, 4], new Float32Array(48))
    await expectError(extractor.extract([good, item]), code, /Input 1/, says)
    expect((await extractor.extract([good])).count).toBe(1)
  })

  test('channels first, where the model wants them last', async () => {
    const extractor = await make({ model: identity(['N', 4, 4, 3]) })
    await expectError(extractor.extract([f32([3, 4, 4], new Float32Array(48))]), 'DIMENSION_MISMATCH', /NHWC/)
  })
})

describe('types', () => {
  test.each<[number, Tensor, number[]]>([
    [DOUBLE, { dtype: 'f64', shape: [3], data: Float64Array.of(1.5, -2, 3) }, [1.5, -2, 3]],
    [UINT8, { dtype: 'u8', shape: [3], data: Uint8Array.of(0, 128, 255) }, [0, 128, 255]],
    [INT32, { dtype: 'i32', shape: [3], data: Int32Array.of(-7, 0, 7) }, [-7, 0, 7]],
    [INT64, { dtype: 'i64', shape: [3], data: BigInt64Array.of(-7n, 0n, 1n << 40n) }, [-7, 0, 2 ** 40]],
    [BOOL, { dtype: 'bool', shape: [3], data: Uint8Array.of(0, 1, 1) }, [0, 1, 1]],
  ])('ONNX type %i goes in and comes out', async (type, item, row) => {
    const extractor = await make({ model: identity(['N', 3], type) })
    expect(rowsOf(await extractor.extract([item, item]))).toEqual([row, row])
  })

  test('strings go in', async () => {
    const map = model({
      nodes: [node('StringNormalizer', ['x'], ['same']), node('Shape', ['same'], ['s'])],
      inputs: [value('x', STRING, ['N'])],
      outputs: [value('s', INT64, [1])],
    })
    const extractor = await make({ model: map, dimensions: 1, batched: false })
    const words: Tensor = { dtype: 'string', shape: [2], data: ['a', 'b'] }
    expect(rowsOf(await extractor.extract([words, words]))).toEqual([[2], [2]])
    await expectError(extractor.extract([{ dtype: 'string', shape: [1], data: [3] as never }]), 'INVALID_ARGUMENT', /strings/)
  })

  test('float16 comes out as numbers, subnormal and infinite ones included', async () => {
    const extractor = await make({ model: castModel(FLOAT, FLOAT16) })
    const numbers = [1.5, -0.333251953125, 2 ** -24, 65504, 2 ** -14, -0]
    const { data } = await extractor.extract([f32([3], numbers.slice(0, 3)), f32([3], numbers.slice(3))])
    expect([...data]).toEqual(numbers)
    await expectError(extractor.extract([f32([3], [1e9, 0, 0])]), 'NOT_FINITE')
  })

  test('cast: numbers of another type are converted as the model would', async () => {
    for (const to of [FLOAT, DOUBLE, FLOAT16, INT32, INT64]) {
      const extractor = await make({ model: identity(['N', 3], to), cast: true })
      const item: Tensor = { dtype: 'u8', shape: [3], data: Uint8Array.of(0, 7, 255) }
      expect(rowsOf(await extractor.extract([item, item]))).toEqual([
        [0, 7, 255],
        [0, 7, 255],
      ])
    }
  })

  test('cast to float16 rounds as onnxruntime does', async () => {
    const ours = await make({ model: identity(['N', 3], FLOAT16), cast: true })
    const theirs = await make({ model: castModel(FLOAT, FLOAT16) })
    const number = fc.oneof(
      fc.float({ noNaN: true, min: -65000, max: 65000 }),
      fc.float({ noNaN: true, min: Math.fround(-1e-4), max: Math.fround(1e-4) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(number, number, number), { minLength: 1, maxLength: 50 }), async (rows) => {
        const items = rows.map((row) => f32([3], row))
        expect((await ours.extract(items)).data).toEqual((await theirs.extract(items)).data)
      }),
      { numRuns: 30 },
    )
  })

  test('cast never drops digits of an integer', async () => {
    const extractor = await make({ model: identity(['N', 1], INT32), cast: true })
    await expectError(extractor.extract([{ dtype: 'i64', shape: [1], data: BigInt64Array.of(1n) }]), 'INVALID_ARGUMENT', /i32/)
    await expectError(extractor.extract([f32([1], [0.5])]), 'INVALID_ARGUMENT')
  })

  test('a text output is refused when the extractor is made', async () => {
    await expectError(make({ model: identity(['N'], STRING) }), 'NOT_SUPPORTED', /text/)
  })

  test('a sequence output is refused, and the tensor outputs are named', async () => {
    const sequence = [...value('s')]
    const split = model({
      nodes: [node('SplitToSequence', ['x'], ['s']), node('Identity', ['x'], ['y'])],
      inputs: [value('x', FLOAT, ['N', 2])],
      outputs: [sequence, value('y', FLOAT, ['N', 2])],
    })
    await expectError(make({ model: split, output: 's' }), 'NOT_SUPPORTED', /sequence.*"y"/)
  })
})

describe('pooling', () => {
  const picture = f32([2, 2, 2], [1, 2, 3, 6, 10, 20, 30, 40])

  test('none takes all numbers', async () => {
    const extractor = await make({ model: identity(['N', 2, 2, 2]) })
    expect(extractor.dimensions).toBe(8)
    expect(rowsOf(await extractor.extract([picture]))).toEqual([[...picture.data]])
  })

  test('global average knows the channels from the option', async () => {
    const first = await make({ model: identity(['N', 2, 2, 2]), pooling: 'global-average', layout: 'nchw' })
    const last = await make({ model: identity(['N', 2, 2, 2]), pooling: 'global-average', layout: 'nhwc' })
    expect(rowsOf(await first.extract([picture, picture]))).toEqual([
      [3, 25],
      [3, 25],
    ])
    expect(rowsOf(await last.extract([picture]))).toEqual([[11, 17]])
    await expectError(make({ model: identity(['N', 2, 2, 2]), pooling: 'global-average' }), 'INVALID_CONFIG', /layout/)
  })

  test('global average tells the channels from the shape', async () => {
    const first = await make({ model: identity(['N', 5, 2, 2]), pooling: 'global-average' })
    const last = await make({ model: identity(['N', 2, 2, 5]), pooling: 'global-average' })
    expect([first.dimensions, last.dimensions]).toEqual([5, 5])
    const numbers = Float32Array.from({ length: 20 }, (_, i) => i)
    expect(rowsOf(await first.extract([f32([5, 2, 2], numbers)]))).toEqual([[1.5, 5.5, 9.5, 13.5, 17.5]])
    expect(rowsOf(await last.extract([f32([2, 2, 5], numbers)]))).toEqual([[7.5, 8.5, 9.5, 10.5, 11.5]])
  })

  test('cls takes the first token, mean-tokens the mean', async () => {
    const tokens = f32([3, 2], [1, 2, 3, 4, 5, 9])
    const cls = await make({ model: identity(['N', 3, 2]), pooling: 'cls' })
    const mean = await make({ model: identity(['N', 3, 2]), pooling: 'mean-tokens' })
    expect(rowsOf(await cls.extract([tokens, tokens]))).toEqual([
      [1, 2],
      [1, 2],
    ])
    expect(rowsOf(await mean.extract([tokens]))).toEqual([[3, 5]])
  })

  test('mean-tokens leaves masked tokens out, whatever they hold', async () => {
    const masked = model({
      nodes: [node('Cast', ['attention_mask'], ['m'], [attribute.int('to', FLOAT)]), node('Identity', ['x'], ['y'])],
      inputs: [value('x', FLOAT, ['N', 'T', 2]), value('attention_mask', INT64, ['N', 'T'])],
      outputs: [value('y', FLOAT, ['N', 'T', 2])],
    })
    const extractor = await make({ model: masked, pooling: 'mean-tokens' })
    const item = (mask: readonly bigint[]): OnnxInput => ({
      x: f32([3, 2], [1, 2, 3, 4, Number.NaN, 9]),
      attention_mask: { dtype: 'i64', shape: [3], data: BigInt64Array.from(mask) },
    })
    expect(rowsOf(await extractor.extract([item([1n, 1n, 0n]), item([0n, 1n, 0n]), item([0n, 0n, 0n])]))).toEqual([
      [2, 3],
      [3, 4],
      [0, 0],
    ])
    await expectError(extractor.extract([item([1n, 1n, 1n])]), 'NOT_FINITE')
    await expectError(make({ model: masked, pooling: 'mean-tokens', mask: 'nothing' }), 'INVALID_CONFIG', /nothing/)
    await expectError(make({ model: masked, pooling: 'cls', mask: 'attention_mask' }), 'INVALID_CONFIG', /mean-tokens/)
  })

  test.each(['cls', 'mean-tokens', 'global-average'] as const)('%s on plain vectors is refused when the extractor is made', async (pooling) => {
    await expectError(make({ model: identity(['N', 3]), pooling }), 'INVALID_CONFIG', new RegExp(pooling))
  })

  test('l2: rows have length one, the zero vector stays zero', async () => {
    const extractor = await make({ model: identity(['N', 3]), normalise: 'l2' })
    const number = fc.float({ noNaN: true, min: -1000, max: 1000 })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(number, number, number), { minLength: 1, maxLength: 20 }), async (rows) => {
        const normalised = rowsOf(await extractor.extract(rows.map((row) => f32([3], row))))
        rows.forEach((row, i) => {
          const length = Math.hypot(...row)
          for (const [j, x] of row.entries()) expect(normalised[i]![j]).toBeCloseTo(length === 0 ? 0 : x / length, 5)
        })
      }),
      { numRuns: 30 },
    )
    expect(rowsOf(await extractor.extract([f32([3], [0, 0, 0])]))).toEqual([[0, 0, 0]])
  })
})

describe('outputs', () => {
  const layers = model({
    nodes: [node('MatMul', ['x', 'w'], ['hidden/1']), node('Relu', ['hidden/1'], ['hidden/2']), node('ReduceSum', ['hidden/2', 'axis'], ['y'])],
    inputs: [value('x', FLOAT, ['N', 2])],
    outputs: [value('y', FLOAT, ['N', 1])],
    initializers: [floats('w', [2, 2], [1, -1, 0, 1]), int64s('axis', [1], [1])],
  })

  test('the only output is the default; any inner tensor can be asked for', async () => {
    const items = [f32([2], [1, 5]), f32([2], [4, 1])]
    expect(rowsOf(await (await make({ model: layers })).extract(items))).toEqual([[5], [4]])
    const inner = await make({ model: layers, output: 'hidden/1' })
    expect(inner.dimensions).toBe(2)
    expect(rowsOf(await inner.extract(items))).toEqual([
      [1, 4],
      [4, -3],
    ])
    expect(rowsOf(await (await make({ model: layers, output: 'hidden/2', workers: 2, batchSize: 1 })).extract(items))).toEqual([
      [1, 4],
      [4, 0],
    ])
  })

  test('a wrong name names its neighbours, inner ones too', async () => {
    await expectError(make({ model: layers, output: 'hiden/2' }), 'INVALID_CONFIG', /"hiden\/2".*nearest names are "hidden\/2", "hidden\/1"/)
  })

  test('several outputs want a choice', async () => {
    const two = model({
      nodes: [node('Identity', ['x'], ['a']), node('Identity', ['x'], ['b'])],
      inputs: [value('x', FLOAT, ['N', 1])],
      outputs: [value('a', FLOAT, ['N', 1]), value('b', FLOAT, ['N', 1])],
    })
    await expectError(make({ model: two }), 'INVALID_CONFIG', /"a", "b"/)
    expect((await make({ model: two, output: 'b' })).dimensions).toBe(1)
  })

  test('a shape that the model leaves open is found by a try with zeros', async () => {
    const extractor = await make({ model: identity(['N', 2, 3], FLOAT, ['N', 'a', 'b']) })
    expect(extractor.dimensions).toBe(6)
    const constant = model({
      nodes: [node('Expand', ['x', 'shape'], ['y'])],
      inputs: [value('x', FLOAT, ['N', 1])],
      outputs: [value('y', FLOAT)],
      initializers: [int64s('shape', [2], [1, 7])],
    })
    expect((await make({ model: constant })).dimensions).toBe(7)
  })

  test('where that is not possible, dimensions has to be given and is checked', async () => {
    const open = identity(['N', 'F'])
    await expectError(make({ model: open }), 'INVALID_CONFIG', /open axes F.*dimensions/)
    const extractor = await make({ model: open, dimensions: 3 })
    expect(rowsOf(await extractor.extract([f32([3], [1, 2, 3])]))).toEqual([[1, 2, 3]])
    await expectError(extractor.extract([f32([2], [1, 2])]), 'DIMENSION_MISMATCH', /Input 0: .*2 numbers; 3/)
    await expectError(make({ model: identity(['N', 2]), dimensions: 3 }), 'DIMENSION_MISMATCH', /2 numbers/)
  })

  test('an output whose first axis does not count items is an error, not a wrong row', async () => {
    const turned = model({
      nodes: [node('Transpose', ['x'], ['y'])],
      inputs: [value('x', FLOAT, ['N', 2])],
      outputs: [value('y', FLOAT, [2, 'N'])],
    })
    const extractor = await make({ model: turned, dimensions: 1 })
    await expectError(extractor.extract([f32([2], [1, 2])]), 'ROW_MISMATCH', /batched: false/)
  })

  test('a number that is not finite names its row', async () => {
    const extractor = await make({ model: identity(['N', 2]) })
    await expectError(extractor.extract([f32([2], [1, 2]), f32([2], [3, Number.NaN])]), 'NOT_FINITE', /input 1/)
  })

  test('a failure inside the model says which inputs', async () => {
    const picky = model({
      nodes: [node('Gather', ['table', 'x'], ['y'])],
      inputs: [value('x', INT64, ['N', 1])],
      outputs: [value('y', FLOAT, ['N', 1])],
      initializers: [floats('table', [2], [10, 20])],
    })
    const extractor = await make({ model: picky, batchSize: 1 })
    const at = (n: bigint): Tensor => ({ dtype: 'i64', shape: [1], data: BigInt64Array.of(n) })
    await expectError(extractor.extract([at(0n), at(5n)]), 'EXTRACT_FAILED', /Input 1/)
    expect(rowsOf(await extractor.extract([at(1n)]))).toEqual([[20]])
  })
})

describe('several inputs', () => {
  const sum = model({
    nodes: [node('Add', ['a', 'b'], ['s']), node('Mul', ['s', 'k'], ['y'])],
    inputs: [value('a', FLOAT, ['N', 2]), value('b', FLOAT, ['N', 2]), value('k', FLOAT, [])],
    outputs: [value('y', FLOAT, ['N', 2])],
  })
  const k = { dtype: 'f32', shape: [], data: [10] } as const

  test('come by name, constants from the configuration', async () => {
    const extractor = await make({ model: sum, constants: { k } })
    const item = (n: number): OnnxInput => ({ a: f32([2], [n, 0]), b: f32([2], [0, n]) })
    expect(rowsOf(await extractor.extract([item(1), item(2)]))).toEqual([
      [10, 10],
      [20, 20],
    ])
    await expectError(extractor.extract([f32([2], [1, 2])]), 'INVALID_ARGUMENT', /"a", "b"/)
    await expectError(extractor.extract([{ a: f32([2], [1, 2]) }]), 'INVALID_ARGUMENT', /"b" is missing/)
  })

  test('a bare tensor fills the one that is not constant', async () => {
    const b = { dtype: 'f32', shape: [1, 2], data: [100, 200] } as const
    const extractor = await make({ model: sum, constants: { k, b }, input: 'a' })
    expect(rowsOf(await extractor.extract([f32([2], [1, 2]), f32([2], [3, 4])]))).toEqual([
      [1010, 2020],
      [1030, 2040],
    ])
  })

  test.each<[string, Partial<OnnxExtractorConfig>, RegExp]>([
    ['a constant that the model does not have', { constants: { z: k } }, /no input "z".*a \(float32/],
    ['an input that it does not have', { constants: { k }, input: 'z' }, /no input "z"/],
    ['an input that is constant', { constants: { k }, input: 'k' }, /both/],
    ['a single number that is not constant', {}, /constants/],
    ['a constant of another type', { constants: { k: { ...k, dtype: 'f64' } } }, /f64.*float32/],
    ['a constant of another shape', { constants: { k: { ...k, shape: [1] } } }, /shape 1/],
    ['a constant of another length', { constants: { k: { ...k, data: [1, 2] } } }, /2 numbers/],
    ['a constant of words', { constants: { k: { ...k, data: ['1'] } } }, /"1"/],
  ])('%s is INVALID_CONFIG', async (_, config, says) => {
    await expectError(make({ model: sum, ...config }), 'INVALID_CONFIG', says)
  })

  test('a constant for every input leaves nothing for an item', async () => {
    await expectError(
      make({ model: identity([1, 1]), constants: { x: { dtype: 'f32', shape: [1, 1], data: [1] } } }),
      'INVALID_CONFIG',
      /Every input/,
    )
  })
})
