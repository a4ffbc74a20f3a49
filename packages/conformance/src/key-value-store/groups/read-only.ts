// Group `read-only`: a store that cannot be written says so.

import { fail, rejects, same } from '../../framework/check.ts'
import type { KeyValueStoreGroup } from '../store-case.ts'

export const readOnlyGroup: KeyValueStoreGroup = {
  name: 'read-only',
  rule: 'readOnly says whether the store can be written; where it cannot, addMany, removeMany and clear are READ_ONLY, and nothing is changed',
  cases: {
    'a store that can be written says so': async (t) => {
      same((await t.make()).readOnly, false, 'readOnly')
    },
    'a read-only store is read, and not written': async (t) => {
      const { createReadOnly } = t.options
      if (!createReadOnly) return
      const entries = t.entries(4)
      const store = t.keep(await createReadOnly(entries))
      if (store.readOnly !== true) fail('a read-only store says that it is')
      await t.holds(store, entries, 'a read-only store')
      await rejects(() => store.addMany([t.entries(1, 'new')]), 'READ_ONLY', 'addMany on a read-only store')
      await rejects(() => store.removeMany([entries[0]![0]]), 'READ_ONLY', 'removeMany on a read-only store')
      await rejects(() => store.clear(), 'READ_ONLY', 'clear on a read-only store')
      await t.holds(store, entries, 'a read-only store after refused calls')
    },
  },
}
