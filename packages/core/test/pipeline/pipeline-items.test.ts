// What a pipeline makes of its items: ids, metadata, bad ones, equal ones, and what a store has already.

import { describe, expect, it } from 'vitest'
import type { DefinedIndex } from '../../src/define.ts'
import {
  CbirError,
  createRetrievalPipeline,
  type DataElement,
  defineVectorLoader,
  functionVectorLoader,
  type Part,
  type RetrievalPipeline,
  type StandardSchema,
  type VectorLoader,
  vectorExtractor,
} from '../../src/index.ts'
import { memoryDataElement, memoryDescriptorSet } from '../../src/memory.ts'
import { linearIndex } from '../support/linear-index.ts'

const element = (text: string): DataElement => memoryDataElement(new TextEncoder().encode(text))
const code = (expected: string) => (error: unknown) => CbirError.isInstance(error) && error.code === expected
const codes = (skipped: readonly { error: Error }[]): string[] => skipped.map(({ error }) => (error as CbirError).code)

/** A part for each word: its length. `timeout` is aborted by the loader itself. */
const words: VectorLoader<DataElement, Float32Array> = defineVectorLoader<DataElement, Float32Array>('words', {
  fingerprint: '1',
  async load(input): Promise<Part<Float32Array>[]> {
    const text = new TextDecoder().decode(await input.bytes())
    if (text === 'timeout') throw new CbirError('ABORTED', 'The loader waited long enough.')
    return text.split(' ').map((word, start) => ({ value: Float32Array.of(word.length), start }))
  },
})

function texts<M = Readonly<Record<string, unknown>>>(
  metadata?: StandardSchema<unknown, M>,
): RetrievalPipeline<DataElement, DataElement, M, DefinedIndex> {
  return createRetrievalPipeline<DataElement, Float32Array, DefinedIndex, M>({
    loader: words,
    extractor: vectorExtractor(1),
    index: linearIndex(),
    metadata,
  })
}

/** A schema whose `validate` is the given function. */
function schema<M>(validate: StandardSchema<unknown, M>['~standard']['validate']): StandardSchema<unknown, M> {
  return { '~standard': { version: 1, vendor: 'test', validate } }
}

describe('items of a pipeline', () => {
  it('have the content uuid as id where they have no other, so that equal ones clash', async () => {
    const pipeline = texts()
    const report = await pipeline.build([{ data: element('a bb') }, { data: element('ccc') }, { data: element('a bb') }], { onError: 'skip' })
    expect(codes(report.skipped)).toEqual(['DUPLICATE_UID'])
    const [best] = await pipeline.findSimilar(element('ccc'), 1)
    expect(best!.id).toBe(await element('ccc').uuid())
    await pipeline.add([{ data: element('a bb') }])
    expect(pipeline.count).toBe(2)
    await expect(pipeline.add([{ data: element('x') }, { data: element('x') }])).rejects.toSatisfy(code('DUPLICATE_UID'))
  })

  it('are skipped when the loader aborts by itself or cannot tell the content, under the policy skip', async () => {
    const broken: typeof words = { ...words, contentUuid: () => Promise.reject(new Error('no such disc')) }
    const pipeline = createRetrievalPipeline({ loader: broken, extractor: vectorExtractor(1), index: linearIndex() })
    const plain = { label: 'plain', bytes: async () => new TextEncoder().encode('z') } as unknown as DataElement
    const report = await pipeline.build([{ id: 'late', data: element('timeout') }, { data: plain }, { id: 'fine', data: element('a') }], {
      onError: 'skip',
    })
    expect(codes(report.skipped)).toEqual(['ABORTED', 'LOAD_FAILED'])
    expect(pipeline.count).toBe(1)
  })

  it('that are none have an error with a type', async () => {
    const pipeline = texts()
    await expect(pipeline.build([{ id: 'a', dat: 1n } as never])).rejects.toSatisfy(code('INVALID_ARGUMENT'))
    await expect(pipeline.build(7 as never)).rejects.toSatisfy(code('INVALID_ARGUMENT'))
    await expect(pipeline.build([{ id: '', data: element('a') }])).rejects.toSatisfy(code('INVALID_ARGUMENT'))
    await expect(pipeline.build([{ id: 7 as never, data: element('a') }])).rejects.toSatisfy(code('INVALID_ARGUMENT'))
  })

  it('have metadata as the schema gives it; what it refuses, throws, or gives that is no JSON is an error', async () => {
    const years = texts<{ year: number }>(
      schema<{ year: number }>(async (value) => {
        const { year } = value as { year?: unknown }
        if (year === 'boom') throw new Error('out of order')
        if (year === 'date') return { value: { year: new Date(0) as unknown as number } }
        return typeof year === 'number' ? { value: { year: year + 1 } } : { issues: [{ message: 'year is missing' }] }
      }),
    )
    const given = [1999, 'boom', 'date', undefined].map((year, i) => ({ id: `t${i}`, data: element('a'), metadata: { year } as { year: number } }))
    const report = await years.build(given, { onError: 'skip' })
    expect(years.metadata('t0')).toEqual({ year: 2000 })
    expect(codes(report.skipped)).toEqual(['INVALID_ARGUMENT', 'INVALID_ARGUMENT', 'INVALID_ARGUMENT'])
    expect(report.skipped.map(({ error }) => error.message).join()).toMatch(/out of order.*year.*year is missing/)
  })

  it('take their descriptors from the store, parts and positions included, unless they are to be computed again', async () => {
    const store = memoryDescriptorSet()
    const log: string[] = []
    const counting: typeof words = {
      ...words,
      async *load(input, options) {
        log.push(new TextDecoder().decode(await input.bytes()))
        yield* words.load(input, options)
      },
    }
    const fresh = (): RetrievalPipeline<DataElement, DataElement, Readonly<Record<string, unknown>>, DefinedIndex> =>
      createRetrievalPipeline({ loader: counting, extractor: vectorExtractor(1), index: linearIndex(), store })
    const items = (): { id: string; data: DataElement }[] => ['a bb ccc', 'dddd', 'a bb ccc'].map((text, i) => ({ id: `t${i}`, data: element(text) }))
    expect(await fresh().build(items())).toMatchObject({ items: 3, parts: 7, computed: 2, reused: 1 })
    expect(log.sort()).toEqual(['a bb ccc', 'dddd'])
    const second = fresh()
    expect(await second.build(items())).toMatchObject({ items: 3, parts: 7, computed: 0, reused: 3 })
    const parts = await second.findSimilar(element('ccc'), 9, { pool: 'part' })
    expect(parts).toHaveLength(7)
    expect(parts[0]).toMatchObject({ id: 't0', distance: 0, part: { index: 2, start: 2 } })
    const uids: string[] = []
    for await (const batch of store.items()) uids.push(...batch.uids)
    await store.removeMany([uids.find((uid) => uid.endsWith(':1'))!])
    expect(await fresh().build(items())).toMatchObject({ computed: 1, reused: 2 })
    expect(await fresh().build(items(), { overwrite: true })).toMatchObject({ items: 3, computed: 2, reused: 1 })
  })

  it('are found by a query that the caller changes as soon as it has the promise', async () => {
    const numbers = functionVectorLoader('numbers', (values: Float32Array) => values)
    const pipeline = createRetrievalPipeline({ loader: numbers, extractor: vectorExtractor(1), index: linearIndex() })
    await pipeline.build([1, 9].map((value) => ({ id: `n${value}`, data: Float32Array.of(value) })))
    const query = Float32Array.of(1)
    const finding = pipeline.findSimilar(query, 1)
    query[0] = 9
    expect((await finding)[0]!.id).toBe('n1')
  })
})

describe('createRetrievalPipeline', () => {
  it('names the component that is none, and the promise that was not awaited', () => {
    const parts = { loader: words, extractor: vectorExtractor(1), index: linearIndex() }
    const wrong =
      (changes: object): (() => unknown) =>
      () =>
        createRetrievalPipeline({ ...parts, ...changes } as never)
    expect(wrong({ index: Promise.resolve(parts.index) })).toThrow(/index.*await/)
    expect(wrong({ extractor: words })).toThrow(/extractor must be a feature-extractor/)
    expect(wrong({ loader: undefined })).toThrow(/loader must be a vector-loader/)
    expect(wrong({ store: {} })).toThrow(/store must be a descriptor-set/)
    expect(wrong({ index: undefined })).toThrow(CbirError)
  })

  it('refuses a pooling that it does not have', async () => {
    const pipeline = texts()
    await pipeline.build([{ id: 'a', data: element('a') }])
    await expect(pipeline.findSimilar(element('a'), 1, { pool: 'items' as never })).rejects.toSatisfy(code('INVALID_ARGUMENT'))
    for (const k of [0, -1, 1.5, Number.NaN, '3' as never])
      await expect(pipeline.findSimilar(element('a'), k)).rejects.toSatisfy(code('INVALID_ARGUMENT'))
  })
})
