// Group `k`: how many neighbours an answer has.

import { rejects, same } from '../../framework/check.ts'
import type { IndexGroup } from '../index-case.ts'

export const kGroup: IndexGroup = {
  name: 'k',
  rule: 'not a positive integer: INVALID_ARGUMENT. Always min(k, rows) neighbours, each a row of its own',
  cases: {
    'what is not a positive integer is refused': async (t) => {
      const index = await t.filled(t.items())
      for (const k of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '3', null, undefined]) {
        await rejects(() => index.nearest(t.vectors(1), k as number), 'INVALID_ARGUMENT', `nearest with k = ${String(k)}`)
      }
    },
    'every query gets min(k, rows) neighbours': async (t) => {
      const items = t.items()
      const index = await t.filled(items)
      for (const k of [1, 2, t.rows - 1, t.rows, t.rows + 1, 10 * t.rows, 2 ** 31]) {
        const found = await index.nearest(t.vectors(3), k)
        const known = new Set(items.uids)
        for (let i = 0; i < 3; i++) {
          const uids = new Set(found.hits(i).map(({ uid }) => uid))
          same(found.hits(i).length, Math.min(k, t.rows), `neighbours of query ${i} with k ${k} of ${t.rows} rows`)
          same(uids.size, Math.min(k, t.rows), `different uids for query ${i} with k ${k}`)
          same([...uids].filter((uid) => !known.has(uid)).length, 0, `uids that are not in the index, with k ${k}`)
        }
      }
    },
    'no query gives an empty answer': async (t) => {
      const index = await t.filled(t.items())
      const found = await index.nearest({ data: new Float32Array(0), count: 0, dimensions: t.dimensions }, 3)
      same(found.uids.length, 0, 'uids for no query')
      same(found.offsets.length, 1, 'offsets for no query')
    },
  },
}
