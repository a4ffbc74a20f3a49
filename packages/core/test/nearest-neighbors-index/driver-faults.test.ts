// What core makes of a driver that fails or answers wrongly, and of arguments at their edges.

import { describe, expect, test } from 'vitest'
import type { Items } from '../../src/index.ts'
import { rows } from '../support/batches.ts'
import { linearDriver, linearIndex } from '../support/linear-index.ts'

const abc: Items = { uids: ['a', 'b', 'c'], vectors: rows([0], [1], [2]) }

test('an answer with too many hits for one query and too few for another is not taken', async () => {
  const { search } = linearDriver()
  const index = linearIndex('euclidean', {
    async search(state, queries, k, options) {
      const answer = await search(state, queries, k, options)
      return queries.count === 2 ? { ...answer, offsets: Uint32Array.of(0, 3, 4) } : answer
    },
  })
  await index.build([abc])
  await expect(index.nearest(rows([2], [-5]), 2)).rejects.toMatchObject({ code: 'ADAPTER_FAULT' })
})

describe('a batch of an update is there whole or not at all', () => {
  test('where the driver fails to free the rows that it replaces', async () => {
    let fails = true
    const index = linearIndex('euclidean', {
      overwrite: undefined,
      free() {
        if (fails) throw new Error('cannot free')
      },
    })
    await index.build([abc])
    const batch: Items = { uids: ['b', 'd'], vectors: rows([9], [8]) }
    await expect(index.update([batch])).rejects.toMatchObject({ code: 'ADAPTER_FAULT', details: { batchesApplied: 0 } })
    expect((await index.nearest(rows([0]), 9)).hits(0)).toEqual([
      { uid: 'a', distance: 0 },
      { uid: 'b', distance: 1 },
      { uid: 'c', distance: 2 },
    ])
    fails = false
    await index.update([batch])
    expect((await index.nearest(rows([0]), 9)).uids).toEqual(['a', 'c', 'd', 'b'])
  })

  test('where the driver fails to overwrite after it has appended', async () => {
    let fails = true
    const { overwrite } = linearDriver()
    const index = linearIndex('euclidean', {
      overwrite(...given) {
        if (fails) throw new Error('cannot overwrite')
        return overwrite!(...given)
      },
    })
    await index.build([abc])
    const batch: Items = { uids: ['b', 'd'], vectors: rows([9], [8]) }
    await expect(index.update([batch])).rejects.toMatchObject({ code: 'ADAPTER_FAULT', details: { batchesApplied: 0 } })
    expect((await index.nearest(rows([0]), 9)).uids).toEqual(['a', 'b', 'c'])
    fails = false
    await index.update([batch])
    expect((await index.nearest(rows([0]), 9)).uids).toEqual(['a', 'c', 'd', 'b'])
  })
})

test('a radius is rounded as distances are: one of ten coordinates differs, which is within 0.1', async () => {
  const index = linearIndex('hamming')
  await index.build([{ uids: ['one', 'two'], vectors: rows([1, 0, 0, 0, 0, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]) }])
  expect((await index.within(rows(new Array<number>(10).fill(0)), 0.1)).uids).toEqual(['one'])
})

test('names of object members are no run-time parameters', async () => {
  const index = linearIndex()
  await index.build([abc])
  await expect(index.nearest(rows([0]), 1, { tuning: { constructor: 1 } as never })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
})

test('a batch too large to be copied at once, transferred while it is read, is an error and not a vector of nothing', async () => {
  const index = linearIndex()
  const dimensions = 1 << 12
  const data = new Float32Array((1 << 11) * dimensions)
  const uids = Array.from({ length: 1 << 11 }, (_, i) => `${i}`)
  const built = index.build([{ uids, vectors: { data, count: uids.length, dimensions } }])
  structuredClone(data.buffer, { transfer: [data.buffer] })
  await expect(built).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  expect(index.count).toBe(0)
})
