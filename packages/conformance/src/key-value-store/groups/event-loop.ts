// Group `event loop`: long calls give turns.

import { givesTurns } from '../../framework/gives-turns.ts'
import { batchesOf, type Entry, type KeyValueStoreGroup, keysOf } from '../store-case.ts'

const MANY = 20_000

const many = (): Entry[] => Array.from({ length: MANY }, (_, i) => [`key ${i}`, { i, text: 'some text', list: [i, i + 1, i + 2] }])

export const eventLoopGroup: KeyValueStoreGroup = {
  name: 'event loop',
  rule: 'no slice above 10 ms; here: none above 100 ms of processor time, so that a garbage collection does not fail the test',
  cases: {
    [`${MANY} entries are written, read and removed in turns`]: async (t) => {
      const store = await t.make()
      const entries = many()
      const keys = keysOf(entries)
      await givesTurns('addMany', () => store.addMany(batchesOf(entries, 1000)))
      await givesTurns('getMany', () => store.getMany(keys))
      await givesTurns('hasMany', () => store.hasMany(keys))
      await givesTurns('removeMany', () => store.removeMany(keys))
    },
  },
}
