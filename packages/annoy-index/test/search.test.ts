// Searches against the exact oracle: every metric, removed rows, filters, saved and reopened, wide and narrow searches.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AnnoyIndex, type AnnoyMetric, annoyIndex } from '@cbir/annoy-index'
import { exactDistance } from '@cbir/conformance'
import { vectorBatchOf } from '@cbir/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { randomVectors, rowOf, uidsFor } from './support/vectors.ts'

const METRICS: readonly AnnoyMetric[] = ['euclidean', 'cosine', 'angular', 'annoy-angular', 'inner-product', 'manhattan', 'hamming']

/** Float32's rounding; under angles, what the arc makes of the last digit of a cosine. */
const allowance = (metric: AnnoyMetric, distance: number): number =>
  1e-6 * Math.max(1, Math.abs(distance)) + (metric === 'angular' || metric === 'annoy-angular' ? 5e-8 : 0)

let directory: string
let made = 0
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'annoy-index-'))
})
afterAll(() => rm(directory, { recursive: true }))

interface Plan {
  readonly vectors: readonly (readonly number[])[]
  readonly queries: readonly (readonly number[])[]
  readonly removed: readonly number[]
  readonly passing: readonly boolean[]
  readonly k: number
  readonly searchK: number | undefined
  readonly trees: number
  readonly threads: number
  readonly reopened: boolean
}

const plans = (metric: AnnoyMetric): fc.Arbitrary<Plan> =>
  fc
    .record({
      dimensions: fc.integer({ min: 1, max: metric === 'hamming' ? 150 : 9 }),
      numbers:
        metric === 'hamming'
          ? fc.constant(fc.integer({ min: 0, max: 1 }))
          : fc.constantFrom(fc.integer({ min: -2, max: 2 }), fc.float({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 })),
    })
    .chain(({ dimensions, numbers }) => {
      const vector = fc.array(numbers, { minLength: dimensions, maxLength: dimensions })
      return fc.record({
        vectors: fc.array(vector, { minLength: 1, maxLength: 60 }),
        queries: fc.array(vector, { minLength: 1, maxLength: 4 }),
        removed: fc.array(fc.nat(59), { maxLength: 20 }),
        passing: fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
        k: fc.integer({ min: 1, max: 70 }),
        searchK: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
        trees: fc.integer({ min: 1, max: 6 }),
        threads: fc.integer({ min: 1, max: 3 }),
        reopened: fc.boolean(),
      })
    })

async function carryOut(metric: AnnoyMetric, plan: Plan): Promise<void> {
  const { vectors, queries, removed, passing, k, searchK, trees, threads, reopened } = plan
  const names = uidsFor(vectors.length)
  let index: AnnoyIndex = await annoyIndex({ metric, trees, threads })
  await index.build([{ uids: names, vectors: vectorBatchOf(vectors) }])
  const gone = [...new Set(removed.filter((row) => row < vectors.length))]
  await index.remove(gone.map((row) => names[row]!))
  const live = new Set(names.filter((_, row) => !gone.includes(row)))
  expect(index.count).toBe(live.size)
  if (live.size === 0) {
    await expect(index.nearest(vectorBatchOf(queries), k)).rejects.toMatchObject({ code: 'EMPTY_INDEX' })
    return index.dispose()
  }
  if (reopened) {
    const at = join(directory, String(made++))
    await index.save(at)
    await index.dispose()
    index = await annoyIndex({ metric, trees, threads, directory: at })
  }
  const row = (uid: string): number => names.indexOf(uid)
  for (const filter of [undefined, (uid: string) => passing[row(uid)]!]) {
    const allowed = [...live].filter((uid) => filter?.(uid) ?? true)
    const found = await index.nearest(vectorBatchOf(queries), k, { filter, tuning: searchK === undefined ? {} : { searchK } })
    for (const [i, query] of queries.entries()) {
      const hits = found.hits(i)
      expect(hits.length).toBe(Math.min(k, allowed.length))
      expect(new Set(hits.map(({ uid }) => uid)).size).toBe(hits.length)
      const ascending = allowed.map((uid) => exactDistance(metric, vectors[row(uid)]!, query)).sort((a, b) => a - b)
      for (const [j, { uid, distance }] of hits.entries()) {
        expect(allowed).toContain(uid)
        const exact = exactDistance(metric, vectors[row(uid)]!, query)
        expect(Math.abs(distance - exact)).toBeLessThanOrEqual(allowance(metric, exact))
        // Where no more rows are allowed than a search would meet, the answer is that of a scan.
        if (searchK === undefined || searchK >= allowed.length) {
          expect(Math.abs(distance - ascending[j]!)).toBeLessThanOrEqual(2 * allowance(metric, ascending[j]!))
        }
      }
    }
  }
  await index.dispose()
}

describe('against the oracle', () => {
  test.each(METRICS)('%s', async (metric) => {
    await fc.assert(
      fc.asyncProperty(plans(metric), (plan) => carryOut(metric, plan)),
      { numRuns: 40 },
    )
  })
})

describe('hamming', () => {
  const batch = { data: Float32Array.of(0, 1, 1, 0, 0, 0), count: 2, dimensions: 3 }

  test('a coordinate that is neither 0 nor 1 is INVALID_ARGUMENT, in build and in a query', async () => {
    const index = await annoyIndex({ metric: 'hamming' })
    await index.build([{ uids: ['a', 'b'], vectors: batch }])
    for (const wrong of [2, 0.5, -1]) {
      const vectors = { data: Float32Array.of(0, wrong, 1), count: 1, dimensions: 3 }
      await expect(index.build([{ uids: ['c'], vectors }])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
      await expect(index.nearest(vectors, 1)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    }
    expect((await index.nearest(batch, 2)).hits(0)).toEqual([
      { uid: 'a', distance: 0 },
      { uid: 'b', distance: Math.fround(2 / 3) },
    ])
    await index.dispose()
  })
})

describe('breadth', () => {
  const rows = 6000
  const vectors = randomVectors(5, rows, 24)
  const queries = randomVectors(6, 40, 24)
  let index: AnnoyIndex
  beforeAll(async () => {
    index = await annoyIndex({ trees: 10 })
    await index.build([{ uids: uidsFor(rows), vectors }])
  })
  afterAll(() => index.dispose())

  const recall = async (searchK: number): Promise<number> => {
    const found = await index.nearest(queries, 10, { tuning: { searchK } })
    let right = 0
    for (let i = 0; i < queries.count; i++) {
      const all = uidsFor(rows).map((uid, row) => ({ uid, distance: exactDistance('euclidean', rowOf(vectors, row), rowOf(queries, i)) }))
      const wanted = new Set(
        all
          .sort((a, b) => a.distance - b.distance)
          .slice(0, 10)
          .map(({ uid }) => uid),
      )
      right += found.hits(i).filter(({ uid }) => wanted.has(uid)).length
    }
    return right / (10 * queries.count)
  }

  test('a wider search finds more, one as wide as the index finds all', async () => {
    const [narrow, wide, widest] = [await recall(50), await recall(2000), await recall(rows)]
    expect(narrow).toBeLessThan(wide)
    expect(widest).toBe(1)
  })

  test('a removed row is never found, a filter gives k rows however few pass', async () => {
    const only = await index.compileFilter((uid) => Number(uid.slice(5)) % 1000 === 0)
    const found = await index.nearest(queries, 6, { filter: only, tuning: { searchK: 1 } })
    expect([...found.offsets]).toEqual(Array.from({ length: queries.count + 1 }, (_, i) => 6 * i))
    expect(found.uids.every((uid) => Number(uid.slice(5)) % 1000 === 0)).toBe(true)
  })
})
