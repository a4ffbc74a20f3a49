// Group `empty index`: a query of an index without rows is an error, not an empty answer.

import { rejects, same } from '../../framework/check.ts'
import type { IndexGroup } from '../index-case.ts'

export const emptyIndexGroup: IndexGroup = {
  name: 'empty index',
  rule: 'query of an index without rows (never built, or emptied): EMPTY_INDEX',
  cases: {
    'never built': async (t) => {
      const index = await t.make()
      same(index.count, 0, 'count of a new index')
      await rejects(() => index.nearest(t.vectors(1), 3), 'EMPTY_INDEX', 'nearest on an index that was never built')
      if (t.has('range')) await rejects(() => index.within(t.vectors(1), 3), 'EMPTY_INDEX', 'within on an index that was never built')
    },
    'emptied, and filled again': async (t) => {
      if (!t.has('remove')) return
      const items = t.items()
      const index = await t.filled(items)
      same(await index.remove(items.uids), 0, 'what remove of all rows gives')
      await rejects(() => index.nearest(t.vectors(1), 3), 'EMPTY_INDEX', 'nearest on an index that was emptied')
      if (t.has('update')) {
        await index.update([items])
        await t.holds(index, items, 'an index emptied and filled again')
      }
      await index.build([items])
      await t.holds(index, items, 'an index emptied and built again')
    },
  },
}
