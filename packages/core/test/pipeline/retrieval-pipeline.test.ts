import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DefinedIndex } from '../../src/define.ts'
import {
  CbirError,
  createRetrievalPipeline,
  defineVectorLoader,
  encoder,
  functionVectorLoader,
  type Metric,
  type RetrievalPipeline,
  type VectorLoader,
  vectorExtractor,
} from '../../src/index.ts'
import { type LinearDriver, linearIndex } from '../support/linear-index.ts'

type Song = number[]
interface Tag {
  readonly genre: string
}

/** A song is a list of numbers; each is a part, a second long. */
const songLoader: VectorLoader<Song, Float32Array> = defineVectorLoader<Song, Float32Array>('song', {
  fingerprint: '1',
  async load(song) {
    if (song.includes(666)) throw new Error('damaged')
    return song.map((value, i) => ({ value: Float32Array.of(value), start: i, end: i + 1 }))
  },
})

function songs(overrides: Partial<LinearDriver> = {}, metric: Metric = 'euclidean'): RetrievalPipeline<Song, Song, Tag, DefinedIndex> {
  return createRetrievalPipeline<Song, Float32Array, DefinedIndex, Tag>({
    loader: songLoader,
    extractor: vectorExtractor(1),
    index: linearIndex(metric, overrides),
  })
}

/** What the answer should be: the best distance over all pairs of parts, item by item. */
function oracle(items: ReadonlyMap<string, Song>, query: Song, k: number): { id: string; distance: number }[] {
  return [...items]
    .map(([id, song]) => ({ id, distance: Math.min(...song.flatMap((a) => query.map((b) => Math.abs(Math.fround(a) - Math.fround(b))))) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, k)
}

const code = (expected: string) => (error: unknown) => CbirError.isInstance(error) && error.code === expected

describe('RetrievalPipeline', () => {
  it('answers with k distinct items and the best part of each, through any sequence of build, add and remove', async () => {
    const song = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 7 })
    const step = fc.oneof(
      fc.record({ kind: fc.constant('build' as const), songs: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), song, { minKeys: 1 }) }),
      fc.record({ kind: fc.constant('add' as const), songs: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'x', 'y', 'z'), song) }),
      fc.record({ kind: fc.constant('remove' as const), id: fc.constantFrom('a', 'b', 'x') }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), song, fc.integer({ min: 1, max: 9 }), async (steps, query, k) => {
        const pipeline = songs()
        let model = new Map<string, Song>()
        for (const action of steps) {
          if (action.kind === 'remove') {
            if (model.delete(action.id)) await pipeline.remove([action.id])
            else await expect(pipeline.remove([action.id])).rejects.toSatisfy(code('UNKNOWN_UID'))
            continue
          }
          const items = Object.entries(action.songs)
          if (action.kind === 'build') model = new Map(items)
          else for (const [id, data] of items) model.set(id, data)
          await pipeline[action.kind](items.map(([id, data]) => ({ id, data, metadata: { genre: `g${data[0]}` } })))
        }
        expect(pipeline.count).toBe(model.size)
        if (model.size === 0) {
          await expect(pipeline.findSimilar(query, k)).rejects.toSatisfy(code('EMPTY_INDEX'))
          return
        }
        const found = await pipeline.findSimilar(query, k)
        const wanted = oracle(model, query, k)
        expect(found.map(({ distance }) => distance)).toEqual(wanted.map(({ distance }) => distance))
        expect(new Set(found.map(({ id }) => id)).size).toBe(found.length)
        for (const { id, distance, part, metadata } of found) {
          const data = model.get(id)!
          expect(metadata).toEqual({ genre: `g${data[0]}` })
          expect(part).toEqual({ index: part.index, start: part.index, end: part.index + 1 })
          expect(Math.min(...query.map((q) => Math.abs(q - data[part.index]!)))).toBe(distance)
        }
      }),
      { numRuns: 120 },
    )
  })

  it('gives k items under a filter of metadata, however few pass', async () => {
    const pipeline = songs()
    await pipeline.build(
      Array.from({ length: 50 }, (_, i) => ({ id: `s${i}`, data: [i, i + 0.5], metadata: { genre: i % 10 === 0 ? 'rare' : 'common' } })),
    )
    const rare = await pipeline.findSimilar([0], 3, { filter: (tag) => tag?.genre === 'rare' })
    expect(rare.map(({ id }) => id)).toEqual(['s0', 's10', 's20'])
    expect(await pipeline.findSimilar([0], 3, { filter: () => false })).toEqual([])
    expect(await pipeline.findSimilar([0], 9, { filter: (_, id) => id === 's7' })).toHaveLength(1)
  })

  it('shows every part for itself with pool: part', async () => {
    const pipeline = songs()
    await pipeline.build([
      { id: 'a', data: [1, 2, 3] },
      { id: 'b', data: [10] },
    ])
    const parts = await pipeline.findSimilar([0], 3, { pool: 'part' })
    expect(parts.map(({ id, part }) => [id, part.index])).toEqual([
      ['a', 0],
      ['a', 1],
      ['a', 2],
    ])
  })

  it('reports what it skipped, with the cause, and keeps the rest', async () => {
    const pipeline = songs()
    const report = await pipeline.build(
      [
        { id: 'good', data: [1] },
        { id: 'bad', data: [666] },
        { id: 'none', data: [] },
        { id: 'good', data: [3] },
        { data: [4] },
        { id: 'last', data: [2], metadata: { genre: 'x', f: () => 1 } as never },
      ],
      { onError: 'skip' },
    )
    expect(report).toMatchObject({ items: 1, parts: 1, computed: 1, reused: 0 })
    expect(report.skipped.map(({ id, error }) => [id, (error as CbirError).code])).toEqual([
      ['bad', 'LOAD_FAILED'],
      ['none', 'EMPTY'],
      ['good', 'DUPLICATE_UID'],
      [undefined, 'INVALID_ARGUMENT'],
      ['last', 'INVALID_ARGUMENT'],
    ])
    expect(await pipeline.findSimilar([0], 5)).toHaveLength(1)
  })

  it('leaves what stood when a build fails, by a bad item, an abort, or nothing to build from', async () => {
    const pipeline = songs()
    await pipeline.build([{ id: 'old', data: [5] }])
    await expect(
      pipeline.build([
        { id: 'new', data: [1] },
        { id: 'bad', data: [666] },
      ]),
    ).rejects.toSatisfy(code('LOAD_FAILED'))
    await expect(pipeline.build([{ id: 'bad', data: [666] }], { onError: 'skip' })).rejects.toSatisfy(
      (error: unknown) => CbirError.isInstance(error, 'EMPTY_BUILD') && (error.details['skipped'] as unknown[]).length === 1,
    )
    await expect(pipeline.build([], { signal: AbortSignal.abort('no') })).rejects.toSatisfy(code('ABORTED'))
    expect((await pipeline.findSimilar([5], 3)).map(({ id }) => id)).toEqual(['old'])
  })

  it('names every answer, whatever builds, adds and removes run beside the queries', async () => {
    const pipeline = songs()
    await pipeline.build(Array.from({ length: 30 }, (_, i) => ({ id: `s${i}`, data: [i] })))
    const queries = Array.from({ length: 40 }, () => pipeline.findSimilar([3], 10))
    const changes = [
      pipeline.build(Array.from({ length: 30 }, (_, i) => ({ id: `t${i}`, data: [i] }))),
      pipeline.add([{ id: 't1', data: [100, 3] }]),
      pipeline.remove(['t2']),
      pipeline.add([{ id: 't1', data: [3] }]),
    ]
    const later = Array.from({ length: 40 }, () => pipeline.findSimilar([3], 10))
    await Promise.all(changes)
    for (const found of await Promise.all([...queries, ...later])) expect(found).toHaveLength(10)
    expect(pipeline.count).toBe(29)
    expect(pipeline.has('t2')).toBe(false)
  })

  it('replaces by an item with fewer parts only where the index can remove', async () => {
    const pipeline = songs({ free: undefined })
    await pipeline.build([{ id: 'a', data: [1, 2] }])
    await pipeline.add([{ id: 'a', data: [7, 8, 9] }])
    expect((await pipeline.findSimilar([9], 1))[0]).toMatchObject({ id: 'a', distance: 0, part: { index: 2 } })
    await expect(pipeline.add([{ id: 'a', data: [1] }])).rejects.toSatisfy(code('NOT_SUPPORTED'))
    await expect(pipeline.remove(['a'])).rejects.toSatisfy(code('NOT_SUPPORTED'))
  })

  it('takes queries of another kind from an encoder of the same space, and refuses another space', async () => {
    const numbers = { ...vectorExtractor(1), space: 'seconds' }
    const words = functionVectorLoader('words', (text: string) => [text.length])
    const index = linearIndex()
    const pipeline = createRetrievalPipeline({ loader: songLoader, extractor: numbers, index, query: encoder(words, numbers) })
    await pipeline.build([
      { id: 'five', data: [5] },
      { id: 'nine', data: [9] },
    ])
    expect((await pipeline.findSimilar('hello', 1))[0]!.id).toBe('five')
    const stranger = createRetrievalPipeline({
      loader: songLoader,
      extractor: numbers,
      index: linearIndex(),
      query: encoder(words, vectorExtractor(1)),
    })
    await stranger.build([{ id: 'five', data: [5] }])
    await expect(stranger.findSimilar('hello', 1)).rejects.toSatisfy(code('FINGERPRINT_MISMATCH'))
  })

  it('refuses an index that holds vectors of unknown items', async () => {
    const index = linearIndex()
    await index.build([{ uids: ['0'], vectors: { data: Float32Array.of(1), count: 1, dimensions: 1 } }])
    const pipeline = createRetrievalPipeline({ loader: songLoader, extractor: vectorExtractor(1), index })
    await expect(pipeline.findSimilar([1], 1)).rejects.toSatisfy(code('INVALID_ARGUMENT'))
  })

  it('does not dispose what was passed in', async () => {
    const pipeline = songs()
    await pipeline.build([{ id: 'a', data: [1] }])
    expect('dispose' in pipeline).toBe(false)
    await pipeline.index.dispose()
    await expect(pipeline.findSimilar([1], 1)).rejects.toSatisfy(code('DISPOSED'))
  })
})
