// Group `add`: new uids are added, known ones overwritten, a batch at a time.

import { names, rejects, same } from '../../framework/check.ts'
import { batchesOf, type DescriptorSetGroup, itemsFrom, rowsOf } from '../set-case.ts'

export const addGroup: DescriptorSetGroup = {
  name: 'add',
  rule:
    'a uid that exists is overwritten: one uid, one vector, count right. Atomic per batch; the error carries how many batches stand. ' +
    'A uid twice in one batch is DUPLICATE_UID',
  cases: {
    'rows are added, and counted': async (t) => {
      const items = t.items(10)
      const set = await t.make()
      same(await set.count(), 0, 'count of a new set')
      same(await set.addMany(batchesOf(items, 4)), 10, 'what addMany gives')
      await t.holds(set, [items], 'the set')
    },
    'an asynchronous source is a source': async (t) => {
      const items = t.items(10)
      const set = await t.make()
      const source = async function* () {
        yield* batchesOf(items, 3)
      }
      same(await set.addMany(source()), 10, 'what addMany gives')
      await t.holds(set, [items], 'the set')
    },
    'a uid that exists gets the new vector': async (t) => {
      const items = t.items(5)
      const set = await t.holding([items])
      const changed = { uids: [items.uids[1]!, items.uids[4]!], vectors: t.vectors(2) }
      same(await set.addMany([changed]), 2, 'what addMany gives')
      await t.holds(set, [itemsFrom([0, 2, 3].map((i) => rowsOf(items)[i]!)), changed], 'the set')
    },
    'a uid may get a vector of another length': async (t) => {
      const items = t.items(3)
      const set = await t.holding([items])
      const changed = { uids: [items.uids[0]!], vectors: t.vectors(1, 3) }
      await set.addMany([changed])
      await t.holds(set, [itemsFrom(rowsOf(items).slice(1)), changed], 'the set')
    },
    'a bad batch is left out whole, those before it stand': async (t) => {
      const items = t.items(3)
      const good = t.items(2, 'good')
      const set = await t.holding([items])
      const bad = { uids: ['bad', 'twice', items.uids[0]!, 'twice'], vectors: t.vectors(4) }
      const error = await rejects(() => set.addMany([good, bad, t.items(1, 'after')]), 'DUPLICATE_UID', 'addMany with a uid twice in a batch')
      names(error, 'twice', 'the error')
      same(error.details['batchesApplied'], 1, 'details.batchesApplied')
      await t.holds(set, [items, good], 'a set whose second batch was refused')
    },
    'of two batches with one uid the later wins': async (t) => {
      const set = await t.make()
      const last = { uids: ['one'], vectors: t.vectors(1) }
      same(await set.addMany([{ uids: ['one'], vectors: t.vectors(1) }, last]), 2, 'what addMany gives')
      await t.holds(set, [last], 'the set')
    },
    'nothing to add changes nothing': async (t) => {
      const items = t.items(3)
      const set = await t.holding([items])
      same(await set.addMany([]), 0, 'what addMany gives for no batch')
      same(await set.addMany([{ uids: [], vectors: t.vectors(0) }]), 0, 'what addMany gives for an empty batch')
      await t.holds(set, [items], 'the set')
    },
    'progress never goes back': async (t) => {
      const set = await t.make()
      const seen: number[] = []
      await set.addMany(batchesOf(t.items(9), 4), { onProgress: ({ done }) => void seen.push(done) })
      same(seen.length > 0, true, 'whether progress was reported')
      same(seen.join(), [...seen].sort((a, b) => a - b).join(), 'progress')
    },
  },
}
