// Group `empty index`: never built, or emptied.

import { rejects, same, sameList } from '../../framework/check.ts'
import type { HashIndexGroup } from '../hash-index-case.ts'

export const emptyIndexGroup: HashIndexGroup = {
  name: 'empty index',
  rule: 'a query of an index without codes is EMPTY_INDEX, whether it was never built or was emptied; what was removed from it does not come back',
  cases: {
    'an index that was never built': async (t) => {
      const index = await t.make()
      same(index.count, 0, 'count')
      await rejects(() => index.nearest(t.queries(1), 3), 'EMPTY_INDEX', 'nearest on an index that was never built')
    },
    'removal from an index that was never built': async (t) => {
      if (!t.has('remove')) return
      const index = await t.make()
      await rejects(() => index.remove(t.queries(1)), 'UNKNOWN_UID', 'remove on an index that was never built')
    },
    'an index whose last code was removed': async (t) => {
      if (!t.has('remove')) return
      const codes = t.codes(5)
      const index = await t.holding(codes)
      for (const code of codes) await index.remove(t.batch([code]))
      same(index.count, 0, 'count')
      await rejects(() => index.nearest(t.queries(1), 3), 'EMPTY_INDEX', 'nearest on an emptied index')
      sameList(await index.rowsOf(t.batch(codes)), [-1, -1, -1, -1, -1], 'rows of removed codes')
      if (!t.has('update')) return
      const more = t.codes(2)
      await index.update([t.batch(more)])
      await t.holds(index, more, 'an emptied index that was updated')
    },
  },
}
