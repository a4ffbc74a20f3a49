// Queries that nothing must wait for: answered at once, with every promise of the contract kept.

import { describe, expect, test } from 'vitest'
import type { Items, VectorBatch } from '../../src/index.ts'
import { rows } from '../support/batches.ts'
import { linearDriver, linearIndex } from '../support/linear-index.ts'

const abc: Items = { uids: ['a', 'b', 'c'], vectors: rows([0], [1], [2]) }
const { search } = linearDriver()
/** A promise of another library. */
const thenable = <T>(value: T | Promise<T>): Promise<T> =>
  Object.fromEntries([['then', (resolve: (value: T | Promise<T>) => void) => resolve(value)]]) as unknown as Promise<T>
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

async function built(...overrides: Parameters<typeof linearIndex>[1][]): Promise<ReturnType<typeof linearIndex>> {
  const index = linearIndex('euclidean', Object.assign({}, ...overrides))
  await index.build([abc])
  return index
}

describe('errors come as rejections and are never thrown', () => {
  const aborted = AbortSignal.abort('why')
  const wrong: readonly (readonly [code: string, ask: (index: ReturnType<typeof linearIndex>) => Promise<unknown>])[] = [
    ['INVALID_ARGUMENT', (index) => index.nearest(rows([0]), 0)],
    ['INVALID_ARGUMENT', (index) => index.nearest({ data: [0] } as never, 1)],
    ['INVALID_ARGUMENT', (index) => index.nearest(rows([0]), 1, { tuning: { unknown: 1 } })],
    ['INVALID_ARGUMENT', (index) => index.nearest(rows([0]), 1, { filter: {} as never })],
    ['INVALID_ARGUMENT', (index) => index.within(rows([0]), Number.NaN)],
    ['INVALID_ARGUMENT', (index) => index.compileFilter('a' as never)],
    ['DIMENSION_MISMATCH', (index) => index.nearest(rows([0, 1]), 1)],
    ['NOT_FINITE', (index) => index.nearest(rows([Number.NaN]), 1)],
    ['ABORTED', (index) => index.nearest(rows([0]), 1, { signal: aborted })],
  ]
  test.each(wrong)('%s', async (code, ask) => {
    await expect(ask(await built())).rejects.toMatchObject({ code })
  })

  test('of a driver that throws at once, in its own words', async () => {
    const index = await built({
      search() {
        throw new Error('no memory')
      },
    })
    await expect(index.nearest(rows([0]), 1)).rejects.toMatchObject({ code: 'ADAPTER_FAULT', message: expect.stringContaining('no memory') })
  })

  test('of an empty and of a disposed index', async () => {
    const index = linearIndex()
    await expect(index.nearest(rows([0]), 1)).rejects.toMatchObject({ code: 'EMPTY_INDEX' })
    await index.dispose()
    await expect(index.nearest(rows([0]), 1)).rejects.toMatchObject({ code: 'DISPOSED' })
  })
})

test('an abort that the driver notices in its own way while it works is ABORTED', async () => {
  const abort = new AbortController()
  const index = await built({
    search() {
      abort.abort('enough')
      throw new Error('interrupted')
    },
  })
  await expect(index.nearest(rows([0]), 1, { signal: abort.signal })).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' })
})

test('an abort while the driver works counts, though the driver answers', async () => {
  const abort = new AbortController()
  const index = await built({
    search(...call) {
      abort.abort()
      return search(...call)
    },
  })
  await expect(index.nearest(rows([0]), 1, { signal: abort.signal })).rejects.toMatchObject({ code: 'ABORTED' })
})

test('a thenable of a driver is awaited like a promise', async () => {
  const index = await built({
    search: (...call) => thenable(search(...call)),
  })
  expect((await index.nearest(rows([2]), 2)).uids).toEqual(['c', 'b'])
})

test('queries at once each have memory of their own', async () => {
  const index = await built({
    async search(...call) {
      await turn()
      return search(...call)
    },
  })
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all([0, 1, 2, 0, 1, 2].map((x) => index.nearest(rows([x]), 1)))
    expect(answers.map(({ uids }) => uids[0])).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
  }
})

test('the memory of a query that failed is not given to the next one', async () => {
  const held: VectorBatch[] = []
  let fails = true
  const index = await built({
    search(...call) {
      held.push(call[1])
      if (fails) throw new Error('given up, while a thread may still read the query')
      return search(...call)
    },
  })
  await expect(index.nearest(rows([7]), 1)).rejects.toMatchObject({ code: 'ADAPTER_FAULT' })
  fails = false
  for (let i = 0; i < 3; i++) await index.nearest(rows([1]), 1)
  expect(held[0]!.data).toEqual(Float32Array.of(7))
})

test.each([1, 20_000])('a driver may transfer its batch of %i rows to a thread', async (count) => {
  const index = await built({
    search(...call) {
      const answer = search(...call)
      structuredClone(call[1].data.buffer, { transfer: [call[1].data.buffer as ArrayBuffer] })
      return answer
    },
  })
  const queries: VectorBatch = { data: new Float32Array(count).fill(2), count, dimensions: 1 }
  for (let i = 0; i < 3; i++) expect(new Set((await index.nearest(queries, 1)).uids)).toEqual(new Set(['c']))
})

test('a query behind a writer waits for it', async () => {
  let release = (): void => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  const { append } = linearDriver()
  let calls = 0
  const index = await built({
    async append(...call) {
      if (calls++ > 0) await released
      return append(...call)
    },
  })
  const update = index.update([{ uids: ['d'], vectors: rows([9]) }])
  await turn()
  const answer = index.nearest(rows([9]), 1)
  release()
  expect((await answer).uids).toEqual(['d'])
  await update
})

test('one query after another leaves the event loop its turns', async () => {
  const index = await built()
  let turns = 0
  const count = (): void => {
    turns++
    if (turns < 2) setImmediate(count)
  }
  setImmediate(count)
  // Far more than fit into two turns.
  for (let i = 0; i < 300_000 && turns < 2; i++) await index.nearest(rows([1]), 1)
  expect(turns).toBe(2)
})
