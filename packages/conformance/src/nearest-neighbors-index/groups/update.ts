// Group `update`: new uids are added, known ones replaced, a batch at a time.

import { names, rejects, same } from '../../framework/check.ts'
import { withCapability } from '../../framework/filled-case.ts'
import type { IndexGroup } from '../index-case.ts'
import { batchesOf, joinItems, pickItems } from '../test-vectors.ts'

export const updateGroup: IndexGroup = {
  name: 'update',
  rule:
    'a uid that exists gets the new vector: one uid, one vector, count right. Atomic per batch; the error carries how many batches stand. ' +
    'A uid twice in one call is an error that names it',
  applies: withCapability('update'),
  cases: {
    'new uids are added': async (t) => {
      const items = t.items()
      const more = t.items(5, 'more')
      const index = await t.filled(items)
      same(await index.update([more]), t.rows + 5, 'what update gives')
      await t.holds(index, joinItems(items, more), 'an index with 5 rows added')
    },
    'a uid that exists gets the new vector': async (t) => {
      const items = t.items()
      const known = new Set([items.uids[2]!, items.uids[5]!, items.uids[t.rows - 1]!])
      const changed = { uids: [...known], vectors: t.vectors(3) }
      const index = await t.filled(items)
      same(await index.update([changed]), t.rows, 'what update gives')
      await t.holds(
        index,
        joinItems(
          pickItems(items, (uid) => !known.has(uid)),
          changed,
        ),
        'an index with 3 rows replaced',
      )
    },
    'new and known uids in several batches': async (t) => {
      const items = t.items()
      const known = { uids: items.uids.slice(0, 4), vectors: t.vectors(4) }
      const changes = joinItems(t.items(4, 'more'), known)
      const index = await t.filled(items)
      same(await index.update(batchesOf(changes, 3)), t.rows + 4, 'what update gives')
      await t.holds(
        index,
        joinItems(
          pickItems(items, (_, row) => row >= 4),
          changes,
        ),
        'an updated index',
      )
    },
    'updates follow each other': async (t) => {
      const items = t.items()
      const index = await t.filled(items)
      const last = { uids: [items.uids[0]!], vectors: t.vectors(1) }
      await index.update([{ uids: [items.uids[0]!], vectors: t.vectors(1) }])
      await index.update([last])
      await t.holds(
        index,
        joinItems(
          pickItems(items, (_, row) => row > 0),
          last,
        ),
        'an index updated twice',
      )
    },
    'on an index that was never built it builds': async (t) => {
      const items = t.items()
      const index = await t.make()
      same(await index.update([items]), t.rows, 'what update gives')
      await t.holds(index, items, 'an index filled by update')
    },
    'an update with nothing changes nothing': async (t) => {
      const items = t.items()
      const index = await t.filled(items)
      same(await index.update([]), t.rows, 'what update gives')
      await t.holds(index, items, 'an index after an update with nothing')
    },
    'batches before a bad one stand, the bad one does not': async (t) => {
      const items = t.items()
      const good = t.items(3, 'good')
      const bad = joinItems(t.items(2, 'bad'), { uids: [items.uids[1]!], vectors: t.vectors(1) }, t.items(1, 'bad'))
      const index = await t.filled(items)
      const error = await rejects(() => index.update([good, bad, t.items(2, 'after')]), 'DUPLICATE_UID', 'update with a bad second batch')
      same(error.details['batchesApplied'], 1, 'details.batchesApplied')
      await t.holds(index, joinItems(items, good), 'an index whose update failed in the second batch')
    },
    'a uid twice in one call is an error that names it': async (t) => {
      const items = t.items()
      const first = t.items(3, 'first')
      const index = await t.filled(items)
      const inOne = await rejects(() => index.update([{ uids: ['same', 'same'], vectors: t.vectors(2) }]), 'DUPLICATE_UID', 'update with a uid twice')
      names(inOne, 'same', 'the error')
      const again = t.itemsOf({ other: [1], [first.uids[1]!]: [2] })
      const error = await rejects(() => index.update([first, again]), 'DUPLICATE_UID', 'update with a uid in two batches')
      names(error, first.uids[1]!, 'the error')
      same(error.details['batchesApplied'], 1, 'details.batchesApplied')
      await t.holds(index, joinItems(items, first), 'an index whose second batch was refused')
    },
  },
}
