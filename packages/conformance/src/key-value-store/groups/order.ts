// Group `order`: keys and entries come in the order of insertion, in batches.

import type { KeyValueStore } from '@cbir/core'
import { ok, same, sameData, sameList, throws } from '../../framework/check.ts'
import { batchesOf, type Entry, type KeyValueStoreGroup, keysOf } from '../store-case.ts'

async function allKeys(store: KeyValueStore, batchSize?: number): Promise<string[]> {
  const keys: string[] = []
  for await (const batch of store.keys({ batchSize })) {
    if (batchSize !== undefined) ok(batch.length <= batchSize, `a batch has at most ${batchSize} keys; it has ${batch.length}`)
    keys.push(...batch)
  }
  return keys
}

export const orderGroup: KeyValueStoreGroup = {
  name: 'order',
  rule:
    'keys and entries come in the order of insertion; an overwritten key keeps its place, one removed and added again comes last. ' +
    'What is added or removed during an iteration may be in it or not; all else is in it once',
  cases: {
    'keys come in the order of insertion': async (t) => {
      const entries = batchesOf(t.entries(20), 7).reverse().flat()
      const store = await t.holding(entries)
      sameList(await allKeys(store), keysOf(entries), 'keys')
      sameList(await allKeys(store, 1), keysOf(entries), 'keys in batches of 1')
      sameList(await allKeys(store, 7), keysOf(entries), 'keys in batches of 7')
      sameList(await allKeys(store, 1000), keysOf(entries), 'keys in batches of 1000')
    },
    'entries are keys with their values': async (t) => {
      const entries = t.entries(20)
      const store = await t.holding(entries)
      const got: Entry[] = []
      for await (const batch of store.entries({ batchSize: 6 })) {
        ok(batch.length <= 6, 'a batch has at most 6 entries')
        got.push(...batch)
      }
      sameData(got, entries, 'entries')
    },
    'an overwritten key keeps its place, a removed one loses it': async (t) => {
      const store = await t.holding([
        ['b', 1],
        ['a', 1],
        ['d', 1],
        ['c', 1],
      ])
      await store.addMany([[['a', 2]]])
      await store.removeMany(['b'])
      await store.addMany([[['b', 2]]])
      sameList(await allKeys(store), ['a', 'd', 'c', 'b'], 'keys')
    },
    'an iteration beside changes gives all else once': async (t) => {
      const entries = t.entries(30)
      const keys = keysOf(entries)
      const store = await t.holding(entries)
      const gone = new Set([keys[1]!, keys[20]!, keys[29]!])
      const seen: string[] = []
      let round = 0
      for await (const batch of store.keys({ batchSize: 4 })) {
        seen.push(...batch)
        if (round === 1) await store.removeMany([...gone])
        if (round === 2) await store.addMany([t.entries(5, 'late'), [[keys[0]!, 'changed']]])
        round++
      }
      const stayed = seen.filter((key) => keys.includes(key) && !gone.has(key))
      sameList(
        stayed,
        keys.filter((key) => !gone.has(key)),
        'keys that were there all the time',
      )
      same(new Set(seen).size, seen.length, 'distinct keys')
    },
    'an iteration may be left': async (t) => {
      const store = await t.holding(t.entries(10))
      for await (const batch of store.keys({ batchSize: 2 })) {
        same(batch.length, 2, 'keys of the first batch')
        break
      }
      await store.addMany([[['after', 1]]])
      same(await store.count(), 11, 'count')
    },
    'an empty store has no keys': async (t) => {
      sameList(await allKeys(await t.make()), [], 'keys')
    },
    'batchSize is a positive whole number': async (t) => {
      const store = await t.holding(t.entries(2))
      for (const batchSize of [0, -1, 1.5, Number.NaN]) {
        await throws(() => allKeys(store, batchSize), 'INVALID_ARGUMENT', `keys with batchSize ${batchSize}`)
      }
    },
  },
}
