// The memory that a build or update passes to a driver: one buffer for batches of one size, however many there are.

import { expect, test } from 'vitest'
import { ItemsReader } from '../../src/define.ts'
import type { Items } from '../../src/index.ts'
import { rows } from '../support/batches.ts'
import { linearDriver, linearIndex } from '../support/linear-index.ts'

const batch = (uid: string, x: number): Items => ({ uids: [`${uid}0`, `${uid}1`], vectors: rows([x, x], [x + 1, x + 1]) })

test('batches of one size come in one buffer, and the caller’s are left alone', async () => {
  const source = [batch('a', 0), batch('b', 10), batch('c', 20)]
  const reader = new ItemsReader(source, { wholeBatches: false, signal: undefined })
  const seen: Float32Array[] = []
  const values: number[][] = []
  for (let items = await reader.next(); items; items = await reader.next()) {
    seen.push(items.vectors.data)
    values.push([...items.vectors.data])
  }
  expect(new Set(seen).size).toBe(1)
  expect(values).toEqual(source.map(({ vectors }) => [...vectors.data]))
  expect(source.some(({ vectors }) => vectors.data === seen[0])).toBe(false)
})

test('a driver may transfer its batch to a thread', async () => {
  const { append } = linearDriver()
  const index = linearIndex('euclidean', {
    append(...call) {
      append(...call)
      structuredClone(call[1].data.buffer, { transfer: [call[1].data.buffer as ArrayBuffer] })
    },
  })
  await index.build([batch('a', 0), batch('b', 10), batch('c', 20)])
  await index.update([batch('d', 30), batch('e', 40)])
  expect((await index.nearest(rows([41, 41]), 2)).hits(0)).toEqual([
    { uid: 'e1', distance: 0 },
    { uid: 'e0', distance: Math.fround(Math.SQRT2) },
  ])
})

test.each([
  ['within a batch', [{ uids: ['a', 'b', 'a'], vectors: rows([0], [1], [2]) }]],
  [
    'across batches',
    [
      { uids: ['a', 'b'], vectors: rows([0], [1]) },
      { uids: ['c', 'a'], vectors: rows([2], [3]) },
    ],
  ],
] as const)('a uid twice %s is an error of a build and of an update, and nothing is changed by the build', async (_, source) => {
  const states: { closed: boolean }[] = []
  const index = linearIndex('euclidean', {
    open: () => {
      const state = { rows: [], closed: false }
      states.push(state)
      return state
    },
  })
  const failure = { code: 'DUPLICATE_UID', details: { uids: ['a'] } }
  await expect(index.build(source)).rejects.toMatchObject(failure)
  expect([index.count, ...states.map(({ closed }) => closed)]).toEqual([0, true])
  await expect(index.update(source)).rejects.toMatchObject({ code: 'DUPLICATE_UID' })
  expect(index.count).toBe(0)
})

test('a driver is told how many rows of a large batch are still to come', async () => {
  const dimensions = 1000
  const told: { rows: number; following: number | undefined }[] = []
  const { append } = linearDriver()
  const index = linearIndex('euclidean', {
    append(state, vectors, options) {
      told.push({ rows: vectors.count, following: options.following })
      return append(state, vectors, options)
    },
  })
  const itemsOf = (name: string, count: number): Items => ({
    uids: Array.from({ length: count }, (_, i) => `${name}${i}`),
    vectors: { data: new Float32Array(count * dimensions), count, dimensions },
  })
  await index.build([itemsOf('small', 3), itemsOf('large', 4500), itemsOf('last', 2)])
  expect(told[0]).toEqual({ rows: 3, following: 0 })
  expect(told.at(-1)).toEqual({ rows: 2, following: 0 })
  const pieces = told.slice(1, -1)
  expect(pieces.length).toBeGreaterThan(1)
  let left = 4500
  for (const { rows, following } of pieces) {
    left -= rows
    expect(following).toBe(left)
  }
  expect(left).toBe(0)
  await index.dispose()
})
