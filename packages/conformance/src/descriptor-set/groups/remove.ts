// Group `remove`: all of the named rows go, or none; clear takes all.

import { names, rejects, same, sameList } from '../../framework/check.ts'
import { type DescriptorSetGroup, itemsFrom, rowsOf } from '../set-case.ts'

export const removeGroup: DescriptorSetGroup = {
  name: 'remove',
  rule: 'removed rows are gone; a uid that does not exist is UNKNOWN_UID, and nothing is removed; clear empties the set',
  cases: {
    'removed rows are gone': async (t) => {
      const items = t.items(6)
      const set = await t.holding([items])
      await set.removeMany([items.uids[0]!, items.uids[4]!])
      await t.holds(set, [itemsFrom([1, 2, 3, 5].map((i) => rowsOf(items)[i]!))], 'the set')
      sameList(await set.hasMany(items.uids), [0, 1, 1, 1, 0, 1], 'hasMany')
    },
    'an unknown uid is an error that names it, and nothing is removed': async (t) => {
      const items = t.items(4)
      const set = await t.holding([items])
      const error = await rejects(() => set.removeMany([items.uids[0]!, 'nobody', items.uids[1]!]), 'UNKNOWN_UID', 'removeMany with an unknown uid')
      names(error, 'nobody', 'the error')
      await t.holds(set, [items], 'the set')
    },
    'a uid twice is an error, and nothing is removed': async (t) => {
      const items = t.items(4)
      const set = await t.holding([items])
      await rejects(() => set.removeMany([items.uids[0]!, items.uids[1]!, items.uids[0]!]), 'DUPLICATE_UID', 'removeMany of a uid twice')
      await t.holds(set, [items], 'the set')
    },
    'a removed uid can be added again': async (t) => {
      const items = t.items(3)
      const set = await t.holding([items])
      await set.removeMany([items.uids[2]!])
      const again = { uids: [items.uids[2]!], vectors: t.vectors(1) }
      await set.addMany([again])
      await t.holds(set, [itemsFrom(rowsOf(items).slice(0, 2)), again], 'the set')
    },
    'clear empties the set, which can be filled again': async (t) => {
      const items = t.items(5)
      const set = await t.holding([t.items(4, 'before'), items])
      await set.clear()
      same(await set.count(), 0, 'count after clear')
      sameList(
        await set.hasMany(items.uids),
        items.uids.map(() => 0),
        'hasMany after clear',
      )
      await set.addMany([items])
      await t.holds(set, [items], 'the set')
    },
  },
}
