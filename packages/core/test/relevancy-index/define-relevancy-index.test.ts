// defineRelevancyIndex, proved with a driver that scores by the distance to the first positive example.

import { defineRelevancyIndex, type RelevancyIndexDriver } from '@cbir/core/define'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noRows, rows } from '../support/batches.ts'

interface Lines {
  readonly values: number[]
  closed: boolean
}

const states: Lines[] = []

/** Vectors of one number; 1 / (1 + distance), halved where there is a negative example at the same place. */
const byDistance: RelevancyIndexDriver<Lines> = {
  open() {
    const state = { values: [], closed: false }
    states.push(state)
    return state
  },
  append(state, { data }) {
    state.values.push(...data)
  },
  rank: ({ values }, { positive, negative }) =>
    Float32Array.from(values, (x) => (negative.data.includes(x) ? 0.5 : 1) / (1 + Math.abs(x - positive.data[0]!))),
  close(state) {
    state.closed = true
  },
}

describe('defineRelevancyIndex', () => {
  it('ranks everything that it holds', async () => {
    const index = defineRelevancyIndex('by-distance', byDistance)
    expect([index.count, index.dimensions]).toEqual([0, undefined])
    await expect(index.rank(rows([1]))).rejects.toMatchObject({ code: 'EMPTY_INDEX' })
    const first = rows([0], [1])
    const building = index.build([
      { uids: ['a', 'b'], vectors: first },
      { uids: ['c'], vectors: rows([3]) },
    ])
    first.data.fill(50)
    expect(await building).toBe(3)
    expect([index.count, index.dimensions]).toEqual([3, 1])
    const { uids, scores, top } = await index.rank(rows([1]), rows([1]))
    expect(uids).toEqual(['a', 'b', 'c'])
    expect([...scores]).toEqual([0.5, 0.5, Math.fround(1 / 3)])
    expect(await top(2)).toEqual([
      { uid: 'a', score: 0.5 },
      { uid: 'b', score: 0.5 },
    ])
    expect([...(await index.rank(rows([1]), noRows(4))).scores]).toEqual([0.5, 1, Math.fround(1 / 3)])
    await expect(top(0)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('gives the best as a sort does', async () => {
    const values = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(values, fc.integer({ min: 1, max: 50 }), async (list, k) => {
        const index = defineRelevancyIndex('by-distance', byDistance)
        await index.build([{ uids: list.map((_, i) => `u${i}`), vectors: rows(...list.map((x) => [x])) }])
        const { uids, scores, top } = await index.rank(rows([2]))
        const sorted = uids.map((uid, i) => ({ uid, score: scores[i]! })).sort((a, b) => b.score - a.score)
        expect(await top(k)).toEqual(sorted.slice(0, k))
      }),
    )
  })

  it('refuses bad input and keeps what it holds', async () => {
    const index = defineRelevancyIndex('by-distance', byDistance)
    await index.build([{ uids: ['a'], vectors: rows([1]) }])
    const bad: [() => Promise<unknown>, string][] = [
      [() => index.build([]), 'EMPTY_BUILD'],
      [() => index.build([{ uids: [], vectors: noRows(1) }]), 'EMPTY_BUILD'],
      [() => index.build([{ uids: ['b', 'b'], vectors: rows([1], [2]) }]), 'DUPLICATE_UID'],
      [() => index.build([{ uids: ['b'], vectors: rows([Number.NaN]) }]), 'NOT_FINITE'],
      [
        () =>
          index.build([
            { uids: ['b'], vectors: rows([1]) },
            { uids: ['c'], vectors: rows([1, 2]) },
          ]),
        'DIMENSION_MISMATCH',
      ],
      [() => index.build([{ uids: ['b'], vectors: rows([1]) }], { signal: AbortSignal.abort() }), 'ABORTED'],
      [() => index.rank(noRows(1)), 'INVALID_ARGUMENT'],
      [() => index.rank(undefined as never), 'INVALID_ARGUMENT'],
      [() => index.rank(rows([1, 2])), 'DIMENSION_MISMATCH'],
      [() => index.rank(rows([1]), rows([1, 2])), 'DIMENSION_MISMATCH'],
      [() => index.rank(rows([1]), rows([Number.NaN])), 'NOT_FINITE'],
      [() => index.rank(rows([1]), undefined, { signal: AbortSignal.abort() }), 'ABORTED'],
    ]
    for (const [call, code] of bad) await expect(call(), call.toString()).rejects.toMatchObject({ code })
    expect((await index.rank(rows([1]))).uids).toEqual(['a'])
    await index.dispose()
    await expect(index.rank(rows([1]))).rejects.toMatchObject({ code: 'DISPOSED' })
    await expect(index.build([])).rejects.toMatchObject({ code: 'DISPOSED' })
    expect(states.every((state) => state.closed)).toBe(false)
  })

  it('frees what it replaces, and what failed', async () => {
    states.length = 0
    const index = defineRelevancyIndex('by-distance', byDistance)
    await index.build([{ uids: ['a'], vectors: rows([1]) }])
    await index.build([{ uids: ['b'], vectors: rows([1]) }])
    await index.build([{ uids: ['c', 'c'], vectors: rows([1], [1]) }]).catch(() => undefined)
    await index
      .build([
        { uids: ['c'], vectors: rows([1]) },
        { uids: ['c'], vectors: rows([1]) },
      ])
      .catch(() => undefined)
    expect(states.map((state) => state.closed)).toEqual([true, false, true])
    await index.dispose()
    expect(states.map((state) => state.closed)).toEqual([true, true, true])
  })

  it('says when a driver answers wrongly', async () => {
    const wrong = [Float32Array.of(1), Float32Array.of(0, 2), Float32Array.of(0, Number.NaN), undefined as never]
    for (const scores of wrong) {
      const index = defineRelevancyIndex('wrong', { ...byDistance, rank: () => scores })
      await index.build([{ uids: ['a', 'b'], vectors: rows([1], [2]) }])
      await expect(index.rank(rows([1]))).rejects.toMatchObject({ code: 'ADAPTER_FAULT' })
    }
    const failing = defineRelevancyIndex('failing', {
      ...byDistance,
      append() {
        throw new Error('full')
      },
    })
    await expect(failing.build([{ uids: ['a'], vectors: rows([1]) }])).rejects.toMatchObject({ code: 'ADAPTER_FAULT' })
    expect(failing.count).toBe(0)
  })
})
