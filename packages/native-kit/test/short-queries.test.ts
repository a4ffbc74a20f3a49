// Short queries: inline within the turn's budget, then in later turns, then joined for the pool; always the right answer for each.

import type { VectorBatch } from '@cbir/core'
import type { RowNeighbours, RowSearchOptions } from '@cbir/core/define'
import { ShortQueries } from '@cbir/native-kit'
import { describe, expect, test } from 'vitest'

interface Log {
  now: number
  /** Queries of each call that went to the pool. */
  later: number[]
}

const options = (extra: Partial<RowSearchOptions> = {}): RowSearchOptions => ({ tuning: {}, attempt: 0, ...extra })
const query = (...values: number[]): VectorBatch => ({ data: Float32Array.from(values), count: values.length, dimensions: 1 })

/** Answers each query x with the rows x, x + 1, …; sleeps `milliseconds` on the calling thread for each. */
function answerer(log: Log, milliseconds: number): ShortQueries<string> {
  const answer = (queries: VectorBatch, k: number): RowNeighbours => ({
    rows: Uint32Array.from({ length: queries.count * k }, (_, i) => queries.data[Math.floor(i / k)]! + (i % k)),
    distances: Float32Array.from({ length: queries.count * k }, (_, i) => i % k),
    offsets: Uint32Array.from({ length: queries.count + 1 }, (_, i) => i * k),
  })
  return new ShortQueries(
    {
      now(_state, queries, k) {
        log.now++
        const until = performance.now() + milliseconds
        while (performance.now() < until);
        return answer(queries, k)
      },
      async later(_state, queries, k, { signal }) {
        log.later.push(queries.count)
        await new Promise((resolve) => setImmediate(resolve))
        if (signal?.aborted) throw new Error('aborted')
        return answer(queries, k)
      },
    },
    0.01,
  )
}

/** After the turn that any work before has spent. */
const freshTurn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

describe('ShortQueries', () => {
  test('a single short query runs at once, and gives a value and not a promise', async () => {
    await freshTurn()
    const log: Log = { now: 0, later: [] }
    const answer = answerer(log, 0).search('state', query(7), 2, options(), 1)
    expect(answer).not.toBeInstanceOf(Promise)
    expect((answer as RowNeighbours).rows).toEqual(Uint32Array.of(7, 8))
    expect(log).toEqual({ now: 1, later: [] })
  })

  test('what is expected to be long goes to the pool', async () => {
    const log: Log = { now: 0, later: [] }
    await answerer(log, 0).search('state', query(1, 2, 3), 2, options(), 101)
    expect(log).toEqual({ now: 0, later: [3] })
  })

  test('an expectation that is too high is tried again in time', async () => {
    const log: Log = { now: 0, later: [] }
    const queries = answerer(log, 0)
    for (let i = 0; i < 2000 && log.now === 0; i++) {
      await freshTurn()
      await queries.search('state', query(1), 2, options(), 200) // expected: 2 ms
    }
    expect(log.later.length).toBeGreaterThan(100)
    expect(log.now).toBe(1)
  })

  test('a turn holds no more than its budget, and queries beyond are joined; each gets its own answer', async () => {
    await freshTurn()
    const log: Log = { now: 0, later: [] }
    const queries = answerer(log, 0.5)
    await queries.search('state', query(0), 1, options(), 1)
    for (let i = 0; i < 60; i++) {
      await freshTurn()
      await queries.search('state', query(0), 1, options(), 1) // learns that a unit takes half a millisecond
    }
    await freshTurn()
    log.now = 0
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => queries.search('state', query(i, 1000 + i), 3, options(), 1)))
    answers.forEach(({ rows, offsets }, i) => {
      expect([...rows]).toEqual([i, i + 1, i + 2, 1000 + i, 1001 + i, 1002 + i])
      expect([...offsets]).toEqual([0, 3, 6])
    })
    // Two turns of 2 ms at half a millisecond each, a few more where the estimate was low; all others in one batch.
    expect(log.now).toBeGreaterThan(0)
    expect(log.now).toBeLessThan(20)
    expect(log.later).toEqual([2 * (100 - log.now)])
  })

  test('only what one batch can answer is joined', async () => {
    await freshTurn()
    const log: Log = { now: 0, later: [] }
    const queries = answerer(log, 3)
    const allow = { bits: Uint8Array.of(255), count: 8 }
    await queries.search('state', query(0), 1, options(), 1) // spends the budget
    const first = [options(), options({ tuning: { ef: 1 } }), options({ tuning: { ef: 2 } }), options({ allow }), options({ tuning: { ef: 2 } })]
    const filler = Array.from({ length: 5 }, () => queries.search('state', query(9), 1, options(), 1))
    const answers = await Promise.all([...first.map((each, i) => queries.search('state', query(i), 2, each, 1)), ...filler])
    first.forEach((_, i) => {
      expect([...answers[i]!.rows]).toEqual([i, i + 1])
    })
    expect(log.later.reduce((sum, count) => sum + count, 0) + log.now).toBe(1 + 10)
    expect(log.later.length).toBeGreaterThan(2)
  })

  test('a waiting query whose signal fires is ABORTED, the others are answered', async () => {
    await freshTurn()
    const log: Log = { now: 0, later: [] }
    const queries = answerer(log, 3)
    const controller = new AbortController()
    await queries.search('state', query(0), 1, options(), 1)
    const aborted = queries.search('state', query(1), 1, options({ signal: controller.signal }), 1) as Promise<RowNeighbours>
    const other = queries.search('state', query(2), 1, options(), 1)
    controller.abort()
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' })
    expect([...(await other).rows]).toEqual([2])
  })

  test('an error of the work reaches every query that was joined', async () => {
    await freshTurn()
    const queries = new ShortQueries<string>(
      {
        now: () => {
          throw new Error('now')
        },
        later: () => Promise.reject(new Error('later')),
      },
      0.9,
    )
    expect(() => queries.search('state', query(0), 1, options(), 1)).toThrow('now')
    const calls = Array.from({ length: 6 }, () => Promise.resolve().then(() => queries.search('state', query(1), 1, options(), 1)))
    const settled = await Promise.allSettled(calls)
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true)
  })
})
