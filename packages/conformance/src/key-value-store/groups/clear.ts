// Group `clear`: afterwards the store is as new.

import { same, sameList } from '../../framework/check.ts'
import { type KeyValueStoreGroup, keysOf } from '../store-case.ts'

export const clearGroup: KeyValueStoreGroup = {
  name: 'clear',
  rule: 'clear removes everything',
  cases: {
    'a cleared store holds nothing': async (t) => {
      const entries = t.entries(3)
      const store = await t.holding(entries)
      await store.clear()
      same(await store.count(), 0, 'count')
      sameList(await store.hasMany(keysOf(entries)), [0, 0, 0], 'presence')
      for await (const batch of store.keys()) same(batch.length, 0, 'keys of a cleared store')
    },
    'and can be filled again': async (t) => {
      const store = await t.holding(t.entries(3))
      await store.clear()
      const entries = t.entries(2, 'next')
      await store.addMany([entries])
      await t.holds(store, entries, 'a store filled after clear')
    },
    'clearing an empty store is no error': async (t) => {
      const store = await t.make()
      await store.clear()
      same(await store.count(), 0, 'count')
    },
  },
}
