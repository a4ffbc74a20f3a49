// Group `add`: new keys are added, known ones overwritten, a batch at a time.

import { names, rejects, same } from '../../framework/check.ts'
import { batchesOf, type Entry, type KeyValueStoreGroup } from '../store-case.ts'

export const addGroup: KeyValueStoreGroup = {
  name: 'add',
  rule: 'a key that exists gets the new value: one key, one value, count right. Atomic per batch; the error carries how many batches stand. A key twice in one batch is DUPLICATE_UID',
  cases: {
    'entries are added, and counted': async (t) => {
      const entries = t.entries(10)
      const store = await t.make()
      same(await store.count(), 0, 'count of a new store')
      same(await store.addMany(batchesOf(entries, 4)), 10, 'what addMany gives')
      await t.holds(store, entries, 'the store')
    },
    'a Map is a batch too, and an asynchronous source a source': async (t) => {
      const entries = t.entries(6)
      const source = async function* () {
        for (const batch of batchesOf(entries, 2)) yield new Map(batch)
      }
      const store = await t.make()
      same(await store.addMany(source()), 6, 'what addMany gives')
      await t.holds(store, entries, 'the store')
    },
    'a key that exists gets the new value': async (t) => {
      const entries = t.entries(5)
      const store = await t.holding(entries)
      const changes: Entry[] = [
        [entries[1]![0], 'new'],
        ['another', 1],
        [entries[4]![0], { new: true }],
      ]
      same(await store.addMany([changes]), 3, 'what addMany gives')
      await t.holds(store, [entries[0]!, entries[2]!, entries[3]!, ...changes], 'the store')
    },
    'of two batches with one key the later wins': async (t) => {
      const store = await t.make()
      same(await store.addMany([[['key', 1]], [['key', 2]]]), 2, 'what addMany gives')
      await t.holds(store, [['key', 2]], 'the store')
    },
    'a key twice in one batch is an error that names it, and the batch is left out': async (t) => {
      const entries = t.entries(3)
      const good = t.entries(2, 'good')
      const store = await t.holding(entries)
      const bad: Entry[] = [
        ['bad', 1],
        ['twice', 1],
        [entries[0]![0], 'changed'],
        ['twice', 2],
      ]
      const error = await rejects(() => store.addMany([good, bad, t.entries(1, 'after')]), 'DUPLICATE_UID', 'addMany with a key twice in a batch')
      names(error, 'twice', 'the error')
      same(error.details['batchesApplied'], 1, 'details.batchesApplied')
      await t.holds(store, [...entries, ...good], 'a store whose second batch was refused')
    },
    'a source that throws: the batches before it stand': async (t) => {
      const cause = new Error('the source is broken')
      const good = t.entries(2, 'good')
      const store = await t.make()
      const source = function* (): Generator<Entry[]> {
        yield good
        throw cause
      }
      const error = await rejects(() => store.addMany(source()), 'SOURCE_FAILED', 'addMany of a source that throws')
      same(error.cause, cause, 'cause')
      same(error.details['batchesApplied'], 1, 'details.batchesApplied')
      await t.holds(store, good, 'the store')
    },
    'progress is the number of entries written': async (t) => {
      const store = await t.make()
      const seen: number[] = []
      await store.addMany(batchesOf(t.entries(9), 4), { onProgress: ({ done }) => void seen.push(done) })
      same(seen[seen.length - 1], 9, 'the last progress')
      same(seen.join(), [...seen].sort((a, b) => a - b).join(), 'progress, which never goes back')
    },
    'nothing to add changes nothing': async (t) => {
      const entries = t.entries(3)
      const store = await t.holding(entries)
      same(await store.addMany([]), 0, 'what addMany gives for no batch')
      same(await store.addMany([[]]), 0, 'what addMany gives for an empty batch')
      await t.holds(store, entries, 'the store')
    },
  },
}
