// Group `remove`: all of the named keys go, or none.

import { names, rejects, sameData, sameList } from '../../framework/check.ts'
import { type KeyValueStoreGroup, keysOf } from '../store-case.ts'

export const removeGroup: KeyValueStoreGroup = {
  name: 'remove',
  rule: 'removed keys are gone; a key that is not there is UNKNOWN_UID, one given twice DUPLICATE_UID, and nothing is removed',
  cases: {
    'removed keys are gone': async (t) => {
      const entries = t.entries()
      const store = await t.holding(entries)
      const gone = keysOf(entries.slice(2, 5))
      await store.removeMany(gone)
      sameList(await store.hasMany(gone), [0, 0, 0], 'presence of removed keys')
      await t.holds(store, [...entries.slice(0, 2), ...entries.slice(5)], 'a store with 3 keys removed')
    },
    'all of them, and then some again': async (t) => {
      const entries = t.entries()
      const store = await t.holding(entries)
      await store.removeMany(keysOf(entries))
      await t.holds(store, [], 'an emptied store')
      await store.addMany([entries.slice(0, 2)])
      await t.holds(store, entries.slice(0, 2), 'a store filled again')
    },
    'an unknown key is an error that names it, and nothing is removed': async (t) => {
      const entries = t.entries()
      const store = await t.holding(entries)
      const error = await rejects(() => store.removeMany([entries[0]![0], 'nobody', entries[1]![0]]), 'UNKNOWN_UID', 'removeMany with an unknown key')
      names(error, 'nobody', 'the error')
      sameData(error.details['uids'], ['nobody'], 'details.uids')
      await t.holds(store, entries, 'a store after a refused removal')
    },
    'a key twice is an error that names it, and nothing is removed': async (t) => {
      const entries = t.entries()
      const store = await t.holding(entries)
      const [a, b] = keysOf(entries)
      const error = await rejects(() => store.removeMany([a!, b!, a!]), 'DUPLICATE_UID', 'removeMany with a key twice')
      names(error, a!, 'the error')
      await t.holds(store, entries, 'a store after a refused removal')
    },
    'what was removed is unknown': async (t) => {
      const entries = t.entries(2)
      const store = await t.holding(entries)
      await store.removeMany([entries[0]![0]])
      await rejects(() => store.removeMany([entries[0]![0]]), 'UNKNOWN_UID', 'removeMany of a removed key')
    },
  },
}
