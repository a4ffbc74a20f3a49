// Builds, adds, removes and queries of a pipeline that overlap: whatever the order, every vector of the index belongs to an item of the table.

import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DefinedIndex } from '../../src/define.ts'
import {
  CbirError,
  createRetrievalPipeline,
  defineVectorLoader,
  type PipelineItem,
  type RetrievalPipeline,
  type VectorLoader,
  vectorExtractor,
} from '../../src/index.ts'
import { type LinearDriver, linearDriver, linearIndex } from '../support/linear-index.ts'

type Song = number[]
interface Known {
  readonly song: Song
}

/** A song is a list of numbers, each a part; it takes as many turns to load as its first number says. */
const songLoader: VectorLoader<Song, Float32Array> = defineVectorLoader<Song, Float32Array>('song', {
  fingerprint: '1',
  async load(song) {
    for (let i = 0; i < (song[0] ?? 0) % 4; i++) await turn()
    return song.map((value) => ({ value: Float32Array.of(value) }))
  },
})

type Songs = RetrievalPipeline<Song, Song, Known, DefinedIndex>

function songs(overrides: Partial<LinearDriver> = {}): Songs {
  return createRetrievalPipeline<Song, Float32Array, DefinedIndex, Known>({
    loader: songLoader,
    extractor: { ...vectorExtractor(1), batchSize: 4 },
    index: linearIndex('euclidean', overrides),
  })
}

const item = (id: string, song: Song): PipelineItem<Song, Known> => ({ id, data: song, metadata: { song } })
const code = (expected: string) => (error: unknown) => CbirError.isInstance(error) && error.code === expected

/** Every vector of the index is a part of an item, and the right one. */
async function expectWhole(pipeline: Songs): Promise<void> {
  if (pipeline.index.count === 0) {
    expect(pipeline.count).toBe(0)
    return
  }
  const found = await pipeline.findSimilar([0], 100_000, { pool: 'part' })
  expect(found).toHaveLength(pipeline.index.count)
  const parts = new Map<string, Set<number>>()
  for (const { id, distance, metadata, part } of found) {
    expect(distance).toBe(metadata!.song[part.index])
    parts.set(id, (parts.get(id) ?? new Set()).add(part.index))
  }
  expect(parts.size).toBe(pipeline.count)
  for (const [id, indexes] of parts) expect(indexes.size).toBe(pipeline.metadata(id)!.song.length)
}

/** A source that waits for `open()` before its item at `gateAt`. */
function gated<T>(items: readonly T[], gateAt: number): { source: AsyncGenerator<T>; open: () => void } {
  let open = (): void => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  async function* source(): AsyncGenerator<T> {
    for (const [i, value] of items.entries()) {
      if (i === gateAt) await gate
      yield value
    }
  }
  return { source: source(), open }
}

const numbered = (prefix: string, count: number): PipelineItem<Song, Known>[] => Array.from({ length: count }, (_, i) => item(`${prefix}${i}`, [i]))

describe('calls of a pipeline that overlap', () => {
  it('leave no vector without an item, in any order', async () => {
    const song = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 5 })
    const call = fc.record({
      kind: fc.constantFrom('build', 'add', 'add', 'remove'),
      songs: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), song, { minKeys: 1 }),
      pause: fc.nat(3),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 2, maxLength: 8 }), fc.boolean(), async (calls, slow) => {
        const plain = linearDriver()
        const pipeline = songs(
          slow
            ? {
                append: async (state, vectors, options) => {
                  await turn()
                  return plain.append(state, vectors, options)
                },
                free: async () => void (await turn()),
              }
            : {},
        )
        const running: Promise<unknown>[] = []
        for (const { kind, songs: given, pause } of calls) {
          const items = Object.entries(given).map(([id, data]) => item(id, data))
          running.push(
            (kind === 'build' ? pipeline.build(items) : kind === 'add' ? pipeline.add(items) : pipeline.remove(Object.keys(given))).catch(
              (error: unknown) => expect(error).toSatisfy(code('UNKNOWN_UID')),
            ),
          )
          for (let i = 0; i < pause; i++) await turn()
        }
        await Promise.all(running)
        await expectWhole(pipeline)
      }),
      { numRuns: 150 },
    )
  })

  it('a build waits for the rest of an add that began before it', async () => {
    const pipeline = songs()
    await pipeline.build(numbered('old', 3))
    const { source, open } = gated(numbered('added', 600), 300)
    const adding = pipeline.add(source)
    while (pipeline.count < 200) await turn()
    const building = pipeline.build(numbered('new', 5))
    for (let i = 0; i < 20; i++) await turn()
    expect(pipeline.has('old0')).toBe(true)
    open()
    expect((await adding).items).toBe(600)
    await building
    expect(pipeline.count).toBe(5)
    await expectWhole(pipeline)
  })

  it('of two removes of one item, the second says that it is gone', async () => {
    const pipeline = songs()
    await pipeline.build([item('a', [1, 2]), item('b', [3])])
    const first = pipeline.remove(['a'])
    await expect(pipeline.remove(['a'])).rejects.toSatisfy(
      (error: unknown) => CbirError.isInstance(error, 'UNKNOWN_UID') && error.message.includes('"a"'),
    )
    await first
    await expectWhole(pipeline)
  })

  it('are aborted at once while an earlier one is stuck', async () => {
    const pipeline = songs()
    await pipeline.build(numbered('old', 3))
    const stuck = gated(numbered('added', 3), 0)
    const adding = pipeline.add(stuck.source)
    const controller = new AbortController()
    const { signal } = controller
    const waiting = [pipeline.build(numbered('new', 2), { signal })]
    const behind = [pipeline.add(numbered('more', 2), { signal }), pipeline.remove(['old0'], { signal })]
    controller.abort('enough')
    for (const call of [...waiting, ...behind]) await expect(call).rejects.toSatisfy(code('ABORTED'))
    stuck.open()
    await adding
    expect(pipeline.count).toBe(6)
    await expectWhole(pipeline)
  })

  it('an abort in the middle of a batch leaves index and table alike', async () => {
    const controller = new AbortController()
    const plain = linearDriver()
    let armed = false
    const pipeline = songs({
      append: (state, vectors, options) => {
        if (armed) controller.abort('now')
        return plain.append(state, vectors, options)
      },
    })
    await pipeline.build(numbered('old', 3))
    armed = true
    await expect(pipeline.add(numbered('new', 400), { signal: controller.signal })).rejects.toSatisfy(
      (error: unknown) => CbirError.isInstance(error, 'ABORTED') && error.cause === 'now' && error.details['batchesApplied'] === 1,
    )
    expect(pipeline.count).toBe(3 + 256)
    await expectWhole(pipeline)
  })

  it('an add that fails says how many batches stand, and what was skipped', async () => {
    const pipeline = songs()
    const items = [item('empty', []), ...numbered('s', 300), { data: [1], metadata: undefined }, ...numbered('t', 300)]
    await expect(pipeline.add(items)).rejects.toSatisfy(code('EMPTY'))
    async function* failing(): AsyncGenerator<PipelineItem<Song, Known>> {
      yield* items
      await turn()
      throw new Error('unplugged')
    }
    await expect(pipeline.add(failing(), { onError: 'skip' })).rejects.toSatisfy(
      (error: unknown) =>
        CbirError.isInstance(error, 'SOURCE_FAILED') && error.details['batchesApplied'] === 2 && (error.details['skipped'] as unknown[]).length === 2,
    )
    expect(pipeline.count).toBe(512)
    await expectWhole(pipeline)
  })

  it('queries get k items from the old content or the new, however builds follow each other', async () => {
    const pipeline = songs()
    await pipeline.build(numbered('s', 10))
    for (let round = 0; round < 30; round++) {
      const building = pipeline.build(numbered(`r${round}-`, 10))
      const queries: Promise<unknown[]>[] = []
      let done = false
      void building.then(() => {
        done = true
      })
      for (let i = 0; !done; i++) {
        queries.push(pipeline.findSimilar([3], 10))
        await (i % 3 === 0 ? turn() : undefined)
      }
      for (const found of await Promise.all(queries)) expect(found).toHaveLength(10)
    }
  })
})
