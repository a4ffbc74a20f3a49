// Group `buffers`: vectors are copied in and out.

import type { DescriptorItems } from '@cbir/core'
import { sameList } from '../../framework/check.ts'
import { allRows, batchesOf, type DescriptorSetGroup, itemsFrom, rowsOf } from '../set-case.ts'

export const buffersGroup: DescriptorSetGroup = {
  name: 'buffers',
  rule: 'vectors are copied in and out; a list of uids may be changed as soon as the call has returned its promise; a source may reuse its buffers',
  cases: {
    'what was written stays when the caller changes its array': async (t) => {
      const items = t.items(4)
      const kept = itemsFrom(rowsOf(items))
      const set = await t.holding([items])
      items.vectors.data.fill(7)
      await t.holds(set, [kept], 'a set whose caller changed its array afterwards')
    },
    'a source that reuses its buffers': async (t) => {
      const items = t.items(12)
      const set = await t.make()
      const reusing = function* (): Generator<DescriptorItems> {
        const data = new Float32Array(4 * t.dimensions)
        for (const batch of batchesOf(items, 4)) {
          data.set(batch.vectors.data)
          yield { ...batch, vectors: { ...batch.vectors, data } }
          data.fill(0)
        }
      }
      await set.addMany(reusing())
      await t.holds(set, [items], 'a set written from a source that reuses its buffers')
    },
    'uids changed right after the call': async (t) => {
      const items = t.items(4)
      const set = await t.holding([items])
      const uids = [items.uids[1]!, items.uids[2]!]
      const into = new Float32Array(2 * t.dimensions)
      const read = set.getVectors(uids, into)
      uids.fill(items.uids[0]!)
      await read
      sameList(into, items.vectors.data.slice(t.dimensions, 3 * t.dimensions), 'vectors of the uids at the time of the call')
      const gone = [items.uids[3]!]
      const removed = set.removeMany(gone)
      gone[0] = items.uids[0]!
      await removed
      await t.holds(set, [itemsFrom(rowsOf(items).slice(0, 3))], 'a set after a list of uids was changed')
    },
    'what is given belongs to the caller': async (t) => {
      const items = t.items(4)
      const set = await t.holding([items])
      for (const { vector } of await allRows(set)) vector.fill(7)
      for await (const batch of set.items()) batch.vectors.data.fill(7)
      const [element] = await set.getMany([items.uids[0]!])
      ;(await element!.vector()).fill(7)
      await t.holds(set, [items], 'a set whose answers were changed')
    },
  },
}
