// Group `ranking`: the order of the uids, and the best of them.

import { ok, rejects, same, sameList } from '../../framework/check.ts'
import type { RelevancyIndexGroup } from '../relevancy-index-case.ts'

export const rankingGroup: RelevancyIndexGroup = {
  name: 'ranking',
  rule: 'uids and scores in the order of the build; top(k) gives the min(k, uids) best, best first, of equal ones the earlier; k not a positive integer is INVALID_ARGUMENT',
  cases: {
    'uids are in the order of the build': async (t) => {
      const items = t.items()
      sameList((await (await t.ready(items)).rank(t.vectors(2))).uids, items.uids, 'uids')
    },
    'top gives the best, best first': async (t) => {
      const items = t.items()
      const ranked = await (await t.ready(items)).rank(t.vectors(2), t.vectors(2))
      const rows = [...items.uids.keys()].sort((a, b) => ranked.scores[b]! - ranked.scores[a]! || a - b)
      for (const k of [1, 7, t.rows, t.rows + 10]) {
        const top = await ranked.top(k)
        sameList(
          top.map(({ uid }) => uid),
          rows.slice(0, k).map((row) => items.uids[row]),
          `uids of top(${k})`,
        )
        ok(
          top.every(({ score }, i) => score === ranked.scores[rows[i]!]),
          `the scores of top(${k}) are those of the rows`,
        )
      }
    },
    'of equal ones the earlier': async (t) => {
      const items = t.items()
      for (let row = 0; row < t.rows; row++)
        items.vectors.data.copyWithin(row * t.dimensions, (row % 3) * t.dimensions, ((row % 3) + 1) * t.dimensions)
      const ranked = await (await t.ready(items)).rank(t.vectors(2), t.vectors(2))
      const place = new Map(items.uids.map((uid, row) => [uid, row]))
      const top = await ranked.top(t.rows)
      same(top.length, t.rows, 'length of top')
      ok(
        top.every(({ uid, score }, i) => i === 0 || score < top[i - 1]!.score || place.get(uid)! > place.get(top[i - 1]!.uid)!),
        'equal scores are in the order of the build',
      )
    },
    'k must be a positive integer': async (t) => {
      const ranked = await (await t.ready(t.items())).rank(t.vectors(2))
      for (const k of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '3' as unknown as number]) {
        await rejects(() => ranked.top(k), 'INVALID_ARGUMENT', `top(${String(k)})`)
      }
    },
  },
}
