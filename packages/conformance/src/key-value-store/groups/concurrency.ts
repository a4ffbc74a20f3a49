// Group `concurrency`: many calls at once give what one after another gives.

import { answersWithin, ok, same, sameData, show } from '../../framework/check.ts'
import { heldBack, watched } from '../../framework/held-back.ts'
import { batchesOf, type Entry, type KeyValueStoreGroup, keysOf } from '../store-case.ts'

export const concurrencyGroup: KeyValueStoreGroup = {
  name: 'concurrency',
  rule: 'any number of reads at once; a write locks per batch, so reads go on while it waits for its source, and see a batch whole or not at all',
  cases: {
    'many reads at once are each answered for themselves': async (t) => {
      const entries = t.entries(40)
      const store = await t.holding(entries)
      const values = await Promise.all(entries.map(([key]) => store.getMany([key])))
      for (const [i, [key, value]] of entries.entries()) sameData(values[i], [value], `values of ${key}`)
    },
    'writes at once are all there': async (t) => {
      const store = await t.make()
      const parts = Array.from({ length: 8 }, (_, i) => t.entries(6, `part ${i}`))
      await Promise.all(parts.map((part) => store.addMany(batchesOf(part, 2))))
      await t.holds(store, parts.flat(), 'a store after 8 writes at once')
    },
    'reads are answered while a write waits for its source': async (t) => {
      const entries = t.entries(3)
      const store = await t.holding(entries)
      const first = t.entries(2, 'first')
      const second = t.entries(2, 'second')
      const { source, reached, release } = heldBack(first, [second])
      t.defer(release)
      const added = watched(store.addMany(source))
      await answersWithin(reached, t.patience, 'addMany that reads its source')
      await answersWithin(store.getMany([entries[0]![0]]), t.patience, 'getMany while a write waits for its source')
      release()
      same(await added, 4, 'what addMany gives')
      await t.holds(store, [...entries, ...first, ...second], 'the store after the write')
    },
    'a read sees a batch whole or not at all': async (t) => {
      const keys = ['w', 'x', 'y', 'z']
      const batch = (value: number): Entry[] => keys.map((key) => [key, value])
      const store = await t.holding([...t.entries(), ...batch(0)])
      for (let round = 1; round <= 5; round++) {
        const written = watched(store.addMany([batch(round)]))
        const seen: Promise<unknown[]>[] = []
        for (let i = 0; i < 30; i++) {
          seen.push(watched(store.getMany(keys)))
          await undefined
        }
        await written
        for (const values of await Promise.all(seen)) {
          ok(new Set(values).size === 1, `a read sees the four entries of a batch with one value; it saw ${show(values)}`)
        }
      }
    },
    'of two removals of a key one succeeds': async (t) => {
      const entries = t.entries(3)
      const store = await t.holding(entries)
      const key = keysOf(entries)[1]!
      const results = await Promise.allSettled([store.removeMany([key]), store.removeMany([key])])
      same(results.filter(({ status }) => status === 'fulfilled').length, 1, 'removals that succeeded')
      same(await store.count(), 2, 'count')
    },
  },
}
