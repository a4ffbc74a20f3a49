// Group `range`: everything within a radius.

import { ok, rejects, same, sameList } from '../../framework/check.ts'
import { withCapability } from '../../framework/filled-case.ts'
import type { IndexGroup } from '../index-case.ts'

export const rangeGroup: IndexGroup = {
  name: 'range',
  rule: 'within gives every vector at a distance ≤ radius, closest first; none in reach is an empty answer',
  applies: withCapability('range'),
  cases: {
    'the neighbours up to the radius': async (t) => {
      const index = await t.filled(t.items())
      const queries = t.vectors(3)
      const all = await index.nearest(queries, t.rows)
      const sorted = [...all.distances].sort((a, b) => a - b)
      for (const share of [0.05, 0.3, 0.8]) {
        // Half-way between two distances, so that rounding does not decide.
        const at = Math.floor(share * sorted.length)
        const radius = (sorted[at]! + sorted.slice(at).find((d) => d > sorted[at]!)!) / 2
        const found = await index.within(queries, radius)
        same(found.offsets.length, 4, 'offsets of 3 queries')
        for (let i = 0; i < 3; i++) {
          const hits = found.hits(i)
          const wanted = all.hits(i).filter(({ distance }) => distance <= radius)
          sameList(hits.map(({ uid }) => uid).sort(), wanted.map(({ uid }) => uid).sort(), `uids within ${radius} of query ${i}`)
          ok(!hits.some(({ distance }, j) => j > 0 && !(distance >= hits[j - 1]!.distance)), 'the distances ascend')
        }
      }
    },
    'the radius itself is within': async (t) => {
      if (!t.has('exact')) return
      const index = await t.filled(t.items())
      const query = t.vectors(1)
      const { distances, uids } = await index.nearest(query, 5)
      const found = await index.within(query, distances[4]!)
      ok(found.uids.includes(uids[4]!), 'a vector at exactly the radius is found')
    },
    'nothing in reach is an empty answer': async (t) => {
      const index = await t.filled(t.items())
      const query = t.vectors(1)
      const closest = (await index.nearest(query, 1)).distances[0]!
      const found = await index.within(query, closest - Math.abs(closest) / 2 - 1e-3)
      same(found.uids.length, 0, 'neighbours')
      sameList(found.offsets, [0, 0], 'offsets')
    },
    'a filter holds here too': async (t) => {
      const items = t.items()
      const index = await t.filled(items)
      const query = t.vectors(1)
      const all = await index.nearest(query, t.rows)
      const found = await index.within(query, Math.max(...all.distances) + 1, { filter: (uid) => uid === items.uids[3] || uid === items.uids[8] })
      sameList([...found.uids].sort(), [items.uids[3]!, items.uids[8]!].sort(), 'uids that pass')
    },
    'a radius that is no number is refused': async (t) => {
      const index = await t.filled(t.items())
      for (const radius of [Number.NaN, '1', undefined]) {
        await rejects(() => index.within(t.vectors(1), radius as number), 'INVALID_ARGUMENT', `within with radius ${String(radius)}`)
      }
    },
  },
}
