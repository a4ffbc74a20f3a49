// Group `buffers`: what is passed in may be changed as soon as the call has given its promise; what comes out belongs to the caller.

import { sameData } from '../../framework/check.ts'
import { watched } from '../../framework/held-back.ts'
import { type Entry, type KeyValueStoreGroup, keysOf } from '../store-case.ts'

export const buffersGroup: KeyValueStoreGroup = {
  name: 'buffers',
  rule: 'values are copied in and out; the caller may change what it passed as soon as the call has returned its promise; a source may reuse its batch for the next one',
  cases: {
    'entries changed right after the call': async (t) => {
      const store = await t.make()
      const bytes = Uint8Array.of(1, 2, 3)
      const json = { list: [1, 2] }
      const batch: [string, typeof bytes | typeof json][] = [
        ['bytes', bytes],
        ['json', json],
      ]
      const added = watched(store.addMany([batch]))
      bytes.fill(9)
      json.list.push(3)
      batch[0]![0] = 'another'
      batch.pop()
      await added
      await t.holds(
        store,
        [
          ['bytes', Uint8Array.of(1, 2, 3)],
          ['json', { list: [1, 2] }],
        ],
        'a store whose entries were changed after the call',
      )
    },
    'bytes transferred right after the call': async (t) => {
      const store = await t.make()
      const bytes = Uint8Array.of(1, 2, 3)
      const added = watched(store.addMany([[['bytes', bytes]]]))
      structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
      await added
      await t.holds(store, [['bytes', Uint8Array.of(1, 2, 3)]], 'a store whose bytes were transferred after the call')
    },
    'a source that reuses its batch': async (t) => {
      const entries = t.entries(6)
      const store = await t.make()
      const source = function* (): Generator<Entry[]> {
        const batch: [string, unknown][] = [['', 0]]
        for (const [key, value] of entries) {
          batch[0] = [key, value]
          yield batch as unknown as Entry[]
          batch[0] = ['spoiled', 0]
        }
      }
      await store.addMany(source())
      await t.holds(store, entries, 'a store filled from a source that reuses its batch')
    },
    'lists of keys changed right after the call': async (t) => {
      const entries = t.entries(4)
      const store = await t.holding(entries)
      const [a, b, c] = keysOf(entries)
      const asked = [a!, b!]
      const values = store.getMany(asked)
      asked[0] = c!
      asked.pop()
      sameData(await values, [entries[0]![1], entries[1]![1]], 'values for a list that was changed after the call')
      const gone = [a!, b!]
      const removed = store.removeMany(gone)
      gone[0] = c!
      gone.pop()
      await removed
      await t.holds(store, entries.slice(2), 'a store after a removal whose list was changed')
    },
    'values belong to the caller': async (t) => {
      const entries: Entry[] = [
        ['bytes', Uint8Array.of(1, 2, 3)],
        ['json', { list: [1, 2] }],
      ]
      const store = await t.holding(entries)
      const spoil = (values: readonly unknown[]): void => {
        for (const value of values) value instanceof Uint8Array ? value.fill(9) : (value as { list: number[] }).list.push(9)
      }
      spoil(await store.getMany(['bytes', 'json']))
      await t.holds(store, entries, 'a store whose values were changed by their reader')
      for await (const batch of store.entries()) spoil(batch.map(([, value]) => value))
      await t.holds(store, entries, 'a store whose entries were changed by their reader')
      const [one, two] = [await store.getMany(['bytes']), await store.getMany(['bytes'])]
      spoil(one)
      sameData(two, [Uint8Array.of(1, 2, 3)], 'another copy of the value')
    },
  },
}
