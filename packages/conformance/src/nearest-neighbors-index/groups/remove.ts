// Group `remove`: all of the named rows go, or none.

import { names, rejects, same } from '../../framework/check.ts'
import { withCapability } from '../../framework/filled-case.ts'
import type { IndexGroup } from '../index-case.ts'
import { joinItems, pickItems } from '../test-vectors.ts'

export const removeGroup: IndexGroup = {
  name: 'remove',
  rule: 'a removed uid is never found again; a uid that does not exist is UNKNOWN_UID, and nothing is removed',
  applies: withCapability('remove'),
  cases: {
    'removed uids are gone': async (t) => {
      const items = t.items()
      const gone = new Set([items.uids[0]!, items.uids[7]!, items.uids[t.rows - 1]!])
      const index = await t.filled(items)
      same(await index.remove(gone), t.rows - 3, 'what remove gives')
      await t.holds(
        index,
        pickItems(items, (uid) => !gone.has(uid)),
        'an index with 3 rows removed',
      )
    },
    'most of the rows removed': async (t) => {
      const items = t.items()
      const kept = pickItems(items, (_, row) => row % 8 === 3)
      const index = await t.filled(items)
      for (let row = 0; row < t.rows; row++) if (row % 8 !== 3) await index.remove([items.uids[row]!])
      same(index.count, kept.uids.length, 'count')
      const queries = t.vectors(2)
      const found = await t.answers(index, queries)
      for (const answer of found) same([...answer.keys()].sort().join(), [...kept.uids].sort().join(), 'uids that are left')
    },
    'an unknown uid is an error that names it, and nothing is removed': async (t) => {
      const items = t.items()
      const index = await t.filled(items)
      const before = await t.snapshot(index)
      const error = await rejects(() => index.remove([items.uids[1]!, 'nobody', items.uids[2]!]), 'UNKNOWN_UID', 'remove with an unknown uid')
      names(error, 'nobody', 'the error')
      await t.unchanged(index, before, 'a refused remove')
    },
    'a uid twice is an error, and nothing is removed': async (t) => {
      const items = t.items()
      const index = await t.filled(items)
      const before = await t.snapshot(index)
      await rejects(() => index.remove([items.uids[1]!, items.uids[2]!, items.uids[1]!]), 'DUPLICATE_UID', 'remove of a uid twice')
      await t.unchanged(index, before, 'a refused remove')
    },
    'what was removed is unknown, and can be added again': async (t) => {
      const items = t.items()
      const index = await t.filled(items)
      await index.remove([items.uids[4]!])
      await rejects(() => index.remove([items.uids[4]!]), 'UNKNOWN_UID', 'remove of a uid that was removed')
      if (!t.has('update')) return
      const again = { uids: [items.uids[4]!], vectors: t.vectors(1) }
      same(await index.update([again]), t.rows, 'what update gives')
      await t.holds(
        index,
        joinItems(
          pickItems(items, (_, row) => row !== 4),
          again,
        ),
        'an index with a row removed and added again',
      )
    },
  },
}
