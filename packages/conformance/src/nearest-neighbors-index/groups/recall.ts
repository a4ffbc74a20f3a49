// Group `recall`: the neighbours that are found are the nearest ones.

import { rowOf } from '@cbir/core'
import { ok } from '../../framework/check.ts'
import { exactDistance } from '../exact-distance.ts'
import type { IndexCase, IndexGroup } from '../index-case.ts'
import { clusteredVectors, namesFor } from '../test-vectors.ts'

/** The share of the true `k` nearest that the index finds. A row as near as the k-th, within the allowance, counts as found. */
async function recall(t: IndexCase, rows: number, queryCount: number, k: number): Promise<number> {
  const all = clusteredVectors(t.random, rows + queryCount, t.dimensions, t.metric)
  const at = rows * t.dimensions
  const items = { uids: namesFor(rows, 'item'), vectors: { data: all.data.slice(0, at), count: rows, dimensions: t.dimensions } }
  const queries = { data: all.data.slice(at), count: queryCount, dimensions: t.dimensions }
  const index = await t.filled(items)
  const found = await index.nearest(queries, k)
  const rowOfUid = new Map(items.uids.map((uid, i) => [uid, i]))
  let hits = 0
  for (let i = 0; i < queryCount; i++) {
    const query = rowOf(queries, i)
    const distances = Float64Array.from(items.uids, (_, row) => exactDistance(t.metric, query, rowOf(items.vectors, row)))
    const limit = distances.slice().sort()[k - 1]!
    const farthest = limit + t.allowance(queries, i, items.vectors, distances.indexOf(limit))
    hits += found.hits(i).filter(({ uid }) => distances[rowOfUid.get(uid) ?? -1]! <= farthest).length
  }
  return hits / (queryCount * k)
}

export const recallGroup: IndexGroup = {
  name: 'recall',
  rule: 'an exact index finds the nearest rows, all of them; an approximate one at least the share that it declares. Rows closer together than the allowance may change places',
  cases: {
    'the ten nearest of 2000 rows in clusters': async (t) => {
      const wanted = t.has('exact') ? 1 : (t.options.minimumRecall ?? 0.9)
      const got = await recall(t, 2000, 20, 10)
      ok(got >= wanted, `recall of the ten nearest is at least ${wanted}; it is ${got.toFixed(3)}`)
    },
    'the nearest one of 300 rows': async (t) => {
      const wanted = t.has('exact') ? 1 : (t.options.minimumRecall ?? 0.9)
      const got = await recall(t, 300, 20, 1)
      ok(got >= wanted, `recall of the nearest one is at least ${wanted}; it is ${got.toFixed(3)}`)
    },
  },
}
