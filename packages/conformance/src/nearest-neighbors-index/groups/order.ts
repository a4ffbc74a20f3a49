// Group `order`: ascending distances, ties of an exact index by row, and the shape of the answer.

import { ok, same, sameData, sameList } from '../../framework/check.ts'
import { withCapability } from '../../framework/filled-case.ts'
import type { IndexCase, IndexGroup } from '../index-case.ts'

/** Six rows at one place, named against the alphabet, among others; gives the order in which they are found. */
async function tied(t: IndexCase, change?: (index: Awaited<ReturnType<IndexCase['make']>>) => Promise<void>): Promise<string[]> {
  const place = t.metric === 'histogram-intersection' ? [0.5, 0.5] : [1, 2]
  const rows = t.itemsOf(Object.fromEntries(['f', 'e', 'd', 'c', 'b', 'a'].map((uid) => [uid, place])))
  const index = await t.filled(rows)
  await change?.(index)
  return (await index.nearest(t.vector(...place), 6)).hits(0).map(({ uid }) => uid)
}

export const orderGroup: IndexGroup = {
  name: 'order',
  rule: 'ascending distance; ties of an exact index by row (insertion order; update keeps its row)',
  cases: {
    'distances ascend': async (t) => {
      const index = await t.filled(t.items())
      const found = await index.nearest(t.vectors(5), t.rows)
      for (let i = 0; i < 5; i++) {
        const distances = found.hits(i).map(({ distance }) => distance)
        ok(!distances.some((d, j) => j > 0 && !(d >= distances[j - 1]!)), `the distances of query ${i} ascend: ${distances.join(' ')}`)
      }
    },
    'offsets, uids, distances and hits agree': async (t) => {
      const index = await t.filled(t.items())
      const found = await index.nearest(t.vectors(3), 4)
      sameList(found.offsets, [0, 4, 8, 12], 'offsets')
      same(found.uids.length, 12, 'uids of 3 queries with k 4')
      same(found.distances.length, 12, 'distances of 3 queries with k 4')
      for (let i = 0; i < 3; i++) {
        const expected = [0, 1, 2, 3].map((j) => ({ uid: found.uids[i * 4 + j], distance: found.distances[i * 4 + j] }))
        sameData(found.hits(i), expected, `hits(${i})`)
      }
    },
    'ties of an exact index stand in the order of insertion': async (t) => {
      if (t.has('exact')) sameList(await tied(t), ['f', 'e', 'd', 'c', 'b', 'a'], 'order of ties')
    },
    'an update keeps the place of its row among ties': async (t) => {
      if (!t.has('exact') || !withCapability('update')(t.options)) return
      const place = t.metric === 'histogram-intersection' ? [0.5, 0.5] : [1, 2]
      const order = await tied(t, async (index) => void (await index.update([t.itemsOf({ d: place })])))
      sameList(order, ['f', 'e', 'd', 'c', 'b', 'a'], 'order of ties after an update of the third')
    },
  },
}
