// Group `distance`: every distance that is given is the true one of that uid.

import { near, ok } from '../../framework/check.ts'
import { exactDistance } from '../exact-distance.ts'
import type { IndexCase, IndexGroup } from '../index-case.ts'

async function distancesAreTrue(t: IndexCase, scale: number): Promise<void> {
  const items = t.items()
  for (let i = 0; i < items.vectors.data.length; i++) items.vectors.data[i]! *= scale
  const queries = t.vectors(5)
  for (let i = 0; i < queries.data.length; i++) queries.data[i]! *= scale
  queries.data.set(items.vectors.data.subarray(0, t.dimensions))
  const index = await t.filled(items)
  const rows = new Map(items.uids.map((uid, i) => [uid, i]))
  const found = await index.nearest(queries, t.rows)
  for (let i = 0; i < queries.count; i++) {
    for (const { uid, distance } of found.hits(i)) {
      const row = rows.get(uid)
      ok(row !== undefined, `${uid} is a uid of the index`)
      const a = queries.data.subarray(i * t.dimensions, (i + 1) * t.dimensions)
      const b = items.vectors.data.subarray(row * t.dimensions, (row + 1) * t.dimensions)
      near(distance, exactDistance(t.metric, a, b), t.allowance(queries, i, items.vectors, row), `${t.metric} distance of query ${i} and ${uid}`)
    }
  }
}

export const distanceGroup: IndexGroup = {
  name: 'distance',
  rule: 'smaller is closer; never NaN; never silently squared; every distance belongs to the uid beside it (within 1e-5 relative of double precision)',
  cases: {
    'distances are those of the reference': (t) => distancesAreTrue(t, 1),
    'distances of small and large vectors too': async (t) => {
      if (t.metric === 'hamming' || t.metric === 'histogram-intersection') return distancesAreTrue(t, 1)
      await distancesAreTrue(t, 1e-3)
      await distancesAreTrue(t, 1e3)
    },
    'a query alone and in a batch gets the same distances': async (t) => {
      const items = t.items()
      const index = await t.filled(items)
      const queries = t.vectors(4)
      const together = await t.answers(index, queries)
      for (let i = 0; i < queries.count; i++) {
        const one = { data: queries.data.slice(i * t.dimensions, (i + 1) * t.dimensions), count: 1, dimensions: t.dimensions }
        t.agree(await t.answers(index, one), [together[i]!], one, items, `query ${i} asked alone`)
      }
    },
  },
}
