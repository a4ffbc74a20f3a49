// Answers against the exact ones: recall, filters, and any sequence of changes.

import { distance, METRIC_NAMES, type Metric, type VectorBatch } from '@cbir/core'
import { type HnswIndex, hnswIndex } from '@cbir/hnsw-index'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { numbers } from './support/numbers.ts'

const DIMENSIONS = 24
const ROWS = 1500
const K = 10

/** Rows in clusters, as real ones lie; for hamming of few values. */
function clustered(seed: number, count: number, metric: Metric): VectorBatch {
  const centres = numbers(77, 20 * DIMENSIONS)
  const spread = numbers(seed, count * DIMENSIONS)
  const data = Float32Array.from(spread, (x, i) => {
    const centre = (Math.floor(i / DIMENSIONS) * 7) % 20
    return centres[centre * DIMENSIONS + (i % DIMENSIONS)]! + 0.3 * x
  })
  if (metric === 'hamming') for (let i = 0; i < data.length; i++) data[i] = Math.round(3 * data[i]!)
  if (metric === 'histogram-intersection') {
    for (let row = 0; row < count; row++) {
      const values = data.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS)
      for (let i = 0; i < DIMENSIONS; i++) values[i] = Math.abs(values[i]!)
      const sum = values.reduce((a, b) => a + b, 0)
      for (let i = 0; i < DIMENSIONS; i++) values[i] = values[i]! / sum
    }
  }
  return { data, count, dimensions: DIMENSIONS }
}

const rowOf = ({ data, dimensions }: VectorBatch, row: number): Float32Array => data.subarray(row * dimensions, (row + 1) * dimensions)

function exactDistances(metric: Metric, base: VectorBatch, query: Float32Array, rows: readonly number[], k: number): number[] {
  return rows
    .map((row) => distance(metric, query, rowOf(base, row)))
    .sort((a, b) => a - b)
    .slice(0, k)
}

const all = Array.from({ length: ROWS }, (_, i) => i)
const configs = METRIC_NAMES.flatMap((metric) =>
  (metric === 'hamming' ? (['none'] as const) : (['none', 'int8'] as const)).map((codes) => ({ metric, codes })),
)

describe.each(configs)('$metric, codes $codes', ({ metric, codes }) => {
  const base = clustered(1, ROWS, metric)
  const queries = clustered(2, 40, metric)
  const built = async (): Promise<HnswIndex> => {
    const index = await hnswIndex({ metric, codes, M: 10, efConstruction: 80, efSearch: 100 })
    await index.build([{ uids: all.map(String), vectors: base }])
    return index
  }

  test('nearly all of the nearest are found, at their distances; under a narrow filter all of them', async () => {
    const index = await built()
    const few = await index.compileFilter((uid) => Number(uid) % 50 === 3)
    const half = (uid: string): boolean => Number(uid) % 2 === 0
    for (const { filter, least } of [
      { filter: undefined, least: 0.95 },
      { filter: half, least: 0.9 },
      { filter: few, least: 1 },
    ]) {
      const found = await index.nearest(queries, K, { filter })
      const passes = filter === undefined ? () => true : typeof filter === 'function' ? filter : filter.predicate
      const rows = all.filter((row) => passes(String(row)))
      let right = 0
      for (let i = 0; i < queries.count; i++) {
        const query = rowOf(queries, i)
        const truth = exactDistances(metric, base, query, rows, K)
        const hits = found.hits(i)
        expect(hits).toHaveLength(K)
        expect(new Set(hits.map(({ uid }) => uid)).size).toBe(K)
        for (const hit of hits) {
          expect(passes(hit.uid)).toBe(true)
          expect(hit.distance).toBe(Math.fround(distance(metric, query, rowOf(base, Number(hit.uid)))) + 0)
          if (hit.distance <= truth.at(-1)! + 1e-6 * Math.abs(truth.at(-1)!)) right++
        }
      }
      expect(right / (K * queries.count)).toBeGreaterThanOrEqual(least)
    }
    await index.dispose()
  })
})

describe('changes', () => {
  const change = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('update' as const), from: fc.nat(60), count: fc.integer({ min: 1, max: 30 }), seed: fc.nat(1000) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('remove' as const), from: fc.nat(60), count: fc.integer({ min: 1, max: 20 }), seed: fc.constant(0) }),
    },
  )

  test.each([{ codes: 'none' as const }, { codes: 'int8' as const }])('any sequence, $codes: k live rows at their distances', async ({ codes }) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 12 }),
        fc.constantFrom<Metric>('euclidean', 'cosine', 'inner-product'),
        async (changes, metric) => {
          const index = await hnswIndex({ metric, codes, M: 4, efConstruction: 20, efSearch: 10 })
          const live = new Map<string, Float32Array>()
          for (const { kind, from, count, seed } of changes) {
            const uids = Array.from({ length: count }, (_, i) => `${from + i}`)
            if (kind === 'update') {
              const vectors = clustered(seed, count, metric)
              await index.update([{ uids, vectors }])
              for (const [i, uid] of uids.entries()) live.set(uid, rowOf(vectors, i))
            } else {
              const there = uids.filter((uid) => live.has(uid))
              await index.remove(there)
              for (const uid of there) live.delete(uid)
            }
            expect(index.count).toBe(live.size)
            if (live.size === 0) continue
            const queries = clustered(seed + 1, 3, metric)
            for (const filter of [undefined, (uid: string) => Number(uid) % 3 !== 0]) {
              const passing = [...live.keys()].filter((uid) => filter?.(uid) ?? true).length
              const found = await index.nearest(queries, 7, { filter })
              for (let i = 0; i < 3; i++) {
                const hits = found.hits(i)
                expect(hits).toHaveLength(Math.min(7, passing))
                expect(new Set(hits.map(({ uid }) => uid)).size).toBe(hits.length)
                for (const { uid, distance: d } of hits) expect(d).toBe(Math.fround(distance(metric, rowOf(queries, i), live.get(uid)!)) + 0)
              }
            }
          }
          await index.dispose()
        },
      ),
      { numRuns: 25 },
    )
  })

  test('recall stays when half of the rows were replaced and a quarter removed and added again', async () => {
    const index = await hnswIndex({ M: 10, efConstruction: 80, efSearch: 100, codes: 'int8', reproducible: true })
    await index.build([{ uids: all.map(String), vectors: clustered(1, ROWS, 'euclidean') }])
    const half = all.filter((row) => row % 2 === 0)
    const moved = clustered(5, half.length, 'euclidean')
    // Far outside of what the scale of the codes was made for.
    for (let i = 0; i < moved.data.length; i++) moved.data[i]! *= 3
    await index.update([{ uids: half.map(String), vectors: moved }])
    const quarter = all.filter((row) => row % 4 === 1).map(String)
    await index.remove(quarter)
    const back = clustered(6, quarter.length, 'euclidean')
    await index.update([{ uids: quarter.map((uid) => `again ${uid}`), vectors: back }])
    expect(index.count).toBe(ROWS)
    for (const [uids, vectors] of [
      [half.map(String), moved],
      [quarter.map((uid) => `again ${uid}`), back],
    ] as const) {
      const found = await index.nearest(vectors, 1)
      const own = found.uids.filter((uid, i) => uid === uids[i]).length
      expect(own / uids.length).toBeGreaterThan(0.95)
    }
    await index.dispose()
  })

  test('an aborted update leaves the rows as they were, and what it left behind is never found', async () => {
    const index = await hnswIndex({ M: 8, efConstruction: 400 })
    await index.build([{ uids: all.map(String), vectors: clustered(1, ROWS, 'euclidean') }])
    const abort = new AbortController()
    const more = clustered(9, 4000, 'euclidean')
    const call = index.update([{ uids: Array.from({ length: 4000 }, (_, i) => `more ${i}`), vectors: more }], { signal: abort.signal })
    setTimeout(() => abort.abort(new Error('enough')), 20)
    await expect(call).rejects.toMatchObject({ code: 'ABORTED' })
    expect(index.count).toBe(ROWS)
    const found = await index.nearest(more, 5)
    expect(found.uids.filter((uid) => uid.startsWith('more'))).toEqual([])
    await index.update([{ uids: ['new'], vectors: clustered(10, 1, 'euclidean') }])
    expect((await index.nearest(clustered(10, 1, 'euclidean'), 1)).uids).toEqual(['new'])
    await index.dispose()
  })
})
