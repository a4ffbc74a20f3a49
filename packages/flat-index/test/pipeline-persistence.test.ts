// Pipelines over a flat index that are saved, live in a directory, and are opened again: with components, and by a registry.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import {
  CbirError,
  chainPlugin,
  createRegistry,
  createRetrievalPipeline,
  descriptorGeneratorPlugin,
  encoder,
  functionVectorLoader,
  type Metric,
  type Part,
  type RetrievalPipeline,
  type VectorLoader,
  vectorExtractor,
  vectorExtractorPlugin,
} from '@cbir/core'
import { defineFeatureExtractor, definePlugin, defineVectorLoader, field, objectSchema } from '@cbir/core/define'
import { openRetrievalPipeline } from '@cbir/core/node'
import { type FlatIndex, flatIndex } from '@cbir/flat-index'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'flat-pipeline-'))
})
afterEach(() => rm(directory, { recursive: true }))

interface SongConfig {
  /** What a number is multiplied by. */
  readonly gain: number
}

/** A song is a list of numbers, each a part, a second long. */
const songLoader = definePlugin<Partial<SongConfig>, SongConfig, VectorLoader<number[], Float32Array>>({
  kind: 'vector-loader',
  interfaces: ['VectorLoader'],
  name: 'song-loader',
  package: '@test/songs',
  configSchema: objectSchema<SongConfig>({ gain: field.number({ default: 1 }) }),
  create: (config) =>
    defineVectorLoader<number[], Float32Array>(
      { name: 'song-loader', package: '@test/songs', config: { ...config } },
      {
        fingerprint: JSON.stringify(config),
        async load(song): Promise<Part<Float32Array>[]> {
          await turn()
          return song.map((value, i) => ({ value: Float32Array.of(value * config.gain), start: i, end: i + 1 }))
        },
      },
    ),
})

/** Queries by text: as many as it has letters. */
const textLoader = definePlugin<object, object, VectorLoader<string, Float32Array>>({
  kind: 'vector-loader',
  interfaces: ['VectorLoader'],
  name: 'text-loader',
  package: '@test/songs',
  configSchema: objectSchema<object>({}),
  create: () =>
    defineVectorLoader<string, Float32Array>(
      { name: 'text-loader', package: '@test/songs', config: {} },
      { fingerprint: '1', load: async (text) => [{ value: Float32Array.of(text.length) }] },
    ),
})

type Songs = RetrievalPipeline<number[], number[], { tag: string }, FlatIndex>
interface Item {
  readonly id: string
  readonly data: number[]
  readonly metadata: { readonly tag: string }
}

const item = (id: string, data: number[]): Item => ({ id, data, metadata: { tag: data.join() } })
const numbered = (prefix: string, count: number, parts = 2): Item[] =>
  Array.from({ length: count }, (_, i) =>
    item(
      `${prefix}${i}`,
      Array.from({ length: parts }, (_, part) => i + part / 4),
    ),
  )

async function songs(config: Partial<SongConfig> = {}, home?: string, metric: Metric = 'euclidean'): Promise<Songs> {
  return createRetrievalPipeline<number[], Float32Array, FlatIndex, { tag: string }>({
    loader: songLoader(config),
    extractor: vectorExtractor(1),
    index: await flatIndex({ metric, ...(home === undefined ? {} : { directory: home }) }),
  })
}

/** Opens with an index that a function makes. */
const reopen = (from: string, config: Partial<SongConfig> = {}, metric: Metric = 'euclidean'): Promise<Songs> =>
  openRetrievalPipeline<number[], Float32Array, FlatIndex, { tag: string }>(from, {
    loader: songLoader(config),
    extractor: vectorExtractor(1),
    index: (home) => flatIndex({ metric, directory: home }),
  })

const code = (expected: string) => (error: unknown) => CbirError.isInstance(error) && error.code === expected

/** Every vector of the index is a part of an item, and the right one. */
async function expectWhole(pipeline: Songs): Promise<void> {
  const found = await pipeline.findSimilar([0], 1_000_000, { pool: 'part' })
  expect(found).toHaveLength(pipeline.index.count)
  expect(new Set(found.map(({ id }) => id)).size).toBe(pipeline.count)
  const parts = new Map<string, number>()
  for (const { id, distance, metadata, part } of found) {
    expect(distance).toBe(Number(metadata!.tag.split(',')[part.index]))
    parts.set(id, (parts.get(id) ?? 0) + 1)
  }
  for (const [id, count] of parts) expect(count).toBe(pipeline.metadata(id)!.tag.split(',').length)
}

describe('a saved pipeline', () => {
  test('comes back whole, with an index given as a function or live, and goes on changing', async () => {
    const saved = await songs()
    await saved.build([item('a', [1, 2, 3]), item('b', [10])])
    await saved.add([item('c', [20, 21])])
    await saved.remove(['b'])
    await saved.save(directory)
    const live = await flatIndex({ directory })
    const again = [
      await reopen(directory),
      await openRetrievalPipeline<number[], Float32Array, FlatIndex, { tag: string }>(directory, {
        loader: songLoader(),
        extractor: vectorExtractor(1),
        index: live,
      }),
    ]
    for (const opened of again) {
      expect(opened.count).toBe(2)
      expect(opened.has('b')).toBe(false)
      expect(await opened.findSimilar([3, 20], 2)).toEqual(await saved.findSimilar([3, 20], 2))
      await opened.add([item('a', [5]), item('d', [30])])
      await opened.remove(['c'])
      expect((await opened.findSimilar([29], 9)).map(({ id }) => id)).toEqual(['d', 'a'])
      await expectWhole(opened)
    }
    expect(again[1]!.index).toBe(live)
  })

  test('without items comes back without items', async () => {
    const saved = await songs()
    await saved.build([item('a', [1])])
    await saved.remove(['a'])
    await saved.save(directory)
    const opened = await reopen(directory)
    expect(opened.count).toBe(0)
    await expect(opened.findSimilar([1], 1)).rejects.toSatisfy(code('EMPTY_INDEX'))
    await opened.add([item('b', [2])])
    await expectWhole(opened)
  })

  test('is refused with another loader, another metric, or when there is none', async () => {
    const saved = await songs()
    await saved.build([item('a', [1])])
    await saved.save(directory)
    await expect(reopen(directory, { gain: 2 })).rejects.toSatisfy(code('FINGERPRINT_MISMATCH'))
    await expect(reopen(directory, {}, 'cosine')).rejects.toSatisfy(code('INVALID_CONFIG'))
    await expect(reopen(join(directory, 'nowhere'))).rejects.toSatisfy(code('NOT_FOUND'))
    const bare = await flatIndex()
    await bare.build([{ uids: ['a'], vectors: { data: Float32Array.of(1), count: 1, dimensions: 1 } }])
    await bare.save(join(directory, 'bare'))
    await expect(reopen(join(directory, 'bare'))).rejects.toSatisfy(code('NOT_FOUND'))
    const elsewhere = openRetrievalPipeline(directory, { loader: songLoader(), extractor: vectorExtractor(1), index: await flatIndex() })
    await expect(elsewhere).rejects.toSatisfy(code('INVALID_ARGUMENT'))
    expect((await reopen(directory)).count).toBe(1)
  })

  test('with a damaged table is CORRUPT_DATA, whichever byte it is', async () => {
    const saved = await songs()
    await saved.build(numbered('s', 20))
    await saved.save(directory)
    const generation = (await readdir(directory)).find((name) => name.startsWith('gen-'))!
    const table = (await readdir(join(directory, generation))).find((name) => name.includes('pipeline'))!
    const path = join(directory, generation, table)
    const bytes = await readFile(path)
    for (const at of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
      const damaged = Buffer.from(bytes)
      damaged[at]! ^= 1
      await writeFile(path, damaged)
      await expect(reopen(directory)).rejects.toSatisfy(code('CORRUPT_DATA'))
    }
    await writeFile(path, bytes.subarray(0, 40))
    await expect(reopen(directory)).rejects.toSatisfy(code('CORRUPT_DATA'))
    await writeFile(path, bytes)
    expect((await reopen(directory)).count).toBe(20)
  })

  test('keeps its table when the index is saved before the pipeline was used', async () => {
    const saved = await songs()
    await saved.build(numbered('s', 5))
    await saved.save(directory)
    const untouched = await songs({}, directory)
    const copy = join(directory, 'copy')
    await untouched.index.save(copy)
    const opened = await reopen(copy)
    expect(opened.count).toBe(5)
    await expectWhole(opened)
  })

  test('names every vector, though builds and adds run while it is saved', async () => {
    const pipeline = await songs()
    await pipeline.build(numbered('s', 300, 3))
    let enough = false
    const change = async (): Promise<void> => {
      for (let round = 0; !enough; round++) {
        const parts = 1 + ((round * 2) % 3)
        const other = round % 3 === 2 ? pipeline.build(numbered('s', 300, parts)) : pipeline.add(numbered('s', 280, 4 - parts))
        await Promise.all([pipeline.add(numbered('t', 280, parts)), other])
      }
    }
    const changing = change()
    const sizes = new Set<number>()
    for (let copy = 0; copy < 12; copy++) {
      const to = join(directory, String(copy))
      await pipeline.save(to)
      const opened = await reopen(to)
      sizes.add(opened.index.count)
      await expectWhole(opened)
      await opened.index.dispose()
    }
    enough = true
    await changing
    await expectWhole(pipeline)
    expect(sizes.size).toBeGreaterThan(1)
  })
})

describe('a pipeline that lives in a directory', () => {
  test('has there what was built, and after flush and dispose what was added and removed', async () => {
    const pipeline = await songs({}, directory)
    const stored = async (): Promise<string[]> => {
      const opened = await reopen(directory)
      await expectWhole(opened)
      const found = await opened.findSimilar([0], 100)
      await opened.index.dispose()
      return found.map(({ id }) => id)
    }
    await pipeline.build([item('a', [1, 2]), item('b', [5])])
    expect(await stored()).toEqual(['a', 'b'])
    await pipeline.add([item('a', [9]), item('c', [7])])
    expect(await stored()).toEqual(['a', 'b'])
    await pipeline.flush()
    expect(await stored()).toEqual(['b', 'c', 'a'])
    await pipeline.remove(['b'])
    await pipeline.index.dispose()
    expect(await stored()).toEqual(['c', 'a'])
  })

  test('goes on where it was, without any opening function', async () => {
    const first = await songs({}, directory)
    await first.build([item('a', [1])])
    await first.index.dispose()
    const second = await songs({}, directory)
    await second.ready()
    expect(second.metadata('a')).toEqual({ tag: '1' })
    await second.add([item('b', [2])])
    expect((await second.findSimilar([2], 2)).map(({ id }) => id)).toEqual(['b', 'a'])
    await second.index.dispose()
    const other = await songs({ gain: 3 }, directory)
    await expect(other.findSimilar([1], 1)).rejects.toSatisfy(code('FINGERPRINT_MISMATCH'))
    await expect(other.index.save(join(directory, 'copy'))).rejects.toSatisfy(code('FINGERPRINT_MISMATCH'))
    expect((await reopen(directory)).count).toBe(2)
  })

  test('keeps the old content when a build fails, here and on disk', async () => {
    const pipeline = await songs({}, directory)
    await pipeline.build([item('a', [1])])
    await expect(pipeline.build([item('b', [2]), item('c', [])])).rejects.toSatisfy(code('EMPTY'))
    expect(pipeline.has('a')).toBe(true)
    expect((await reopen(directory)).count).toBe(1)
  })
})

describe('a pipeline opened by a registry', () => {
  const registry = createRegistry([songLoader, textLoader, vectorExtractorPlugin, descriptorGeneratorPlugin, chainPlugin, flatIndex])

  test('has the components that it was saved with', async () => {
    const saved = await songs({ gain: 2 })
    await saved.build([item('a', [1]), item('b', [4])])
    await saved.save(directory)
    const opened = await openRetrievalPipeline<{ tag: string }>(directory, { registry })
    expect(opened.count).toBe(2)
    expect(opened.has('a')).toBe(true)
    expect(opened.metadata('b')).toEqual({ tag: '4' })
    expect((await opened.findSimilar([4], 1))[0]).toMatchObject({ id: 'b', distance: 0, metadata: { tag: '4' } })
    await opened.add([item('c', [7])])
    await opened.flush()
    await opened.dispose()
    await expect(opened.findSimilar([4], 1)).rejects.toSatisfy(code('DISPOSED'))
    await expect(opened.add([])).rejects.toSatisfy(code('DISPOSED'))
    expect((await reopen(directory, { gain: 2 })).count).toBe(3)
  })

  test('has the query encoder too', async () => {
    const extractor = { ...vectorExtractor(1), space: 'numbers' }
    const index = await flatIndex()
    const saved = createRetrievalPipeline({ loader: songLoader(), extractor, index, query: encoder(textLoader({}), extractor) })
    await saved.build([item('two', [2]), item('five', [5])])
    expect((await saved.findSimilar('hello', 1))[0]!.id).toBe('five')
    await saved.save(directory)
    const spaced = definePlugin({
      ...vectorExtractorPlugin,
      kind: 'feature-extractor',
      name: 'vector-extractor',
      create: () => ({ ...vectorExtractor(1), space: 'numbers' }),
    })
    const opened = await openRetrievalPipeline(directory, {
      registry: createRegistry([songLoader, textLoader, spaced, descriptorGeneratorPlugin, flatIndex]),
    })
    expect((await opened.findSimilar('hello', 1))[0]!.id).toBe('five')
    await opened.dispose()
  })

  test('waits on dispose for what is under way', async () => {
    const saved = await songs()
    await saved.build([item('a', [1])])
    await saved.save(directory)
    const opened = await openRetrievalPipeline<{ tag: string }>(directory, { registry })
    const adding = opened.add(numbered('s', 600))
    await turn()
    await opened.dispose()
    expect((await adding).items).toBe(600)
    expect((await reopen(directory)).count).toBe(601)
  })

  test('cannot have components that were made in code, nor plugins that the registry lacks', async () => {
    const loader = functionVectorLoader('made-in-code', (song: number[]) => song)
    const saved = createRetrievalPipeline({ loader, extractor: vectorExtractor(1), index: await flatIndex() })
    await saved.build([{ id: 'a', data: [1] }])
    await saved.save(directory)
    await expect(openRetrievalPipeline(directory, { registry })).rejects.toSatisfy(code('NOT_SERIALIZABLE'))
    const other = join(directory, 'other')
    const configured = await songs()
    await configured.build([item('a', [1])])
    await configured.save(other)
    await expect(openRetrievalPipeline(other, { registry: createRegistry([flatIndex]) })).rejects.toSatisfy(code('UNKNOWN_PLUGIN'))
    await expect(openRetrievalPipeline(join(directory, 'nowhere'), { registry })).rejects.toSatisfy(code('NOT_FOUND'))
  })

  test('disposes what was made when a later component cannot be made', async () => {
    let closed = 0
    const closing = definePlugin({
      ...vectorExtractorPlugin,
      kind: 'feature-extractor',
      name: 'vector-extractor',
      create: () =>
        defineFeatureExtractor<Float32Array>('vector-extractor', {
          dimensions: 1,
          fingerprint: 'of another kind',
          extract: (inputs) => ({ data: new Float32Array(inputs.length), count: inputs.length, dimensions: 1 }),
          close: () => void closed++,
        }),
    })
    const saved = await songs()
    await saved.build([item('a', [1])])
    await saved.save(directory)
    const opening = openRetrievalPipeline(directory, { registry: createRegistry([songLoader, closing, flatIndex]) })
    await expect(opening).rejects.toSatisfy(code('FINGERPRINT_MISMATCH'))
    expect(closed).toBe(1)
  })
})
