// Group `concurrency`: many calls at once give what one after another gives.

import { answersWithin, ok, same, sameList } from '../../framework/check.ts'
import { heldBack } from '../../framework/held-back.ts'
import { batchesOf, type DescriptorSetGroup, rowsOf } from '../set-case.ts'

export const concurrencyGroup: DescriptorSetGroup = {
  name: 'concurrency',
  rule: 'any number of reads at once; a write locks per batch, so reads go on while it waits for its source, and see a batch whole or not at all',
  cases: {
    'many reads at once are each answered for themselves': async (t) => {
      const items = t.items(40)
      const set = await t.holding([items])
      const arrays = items.uids.map(() => new Float32Array(t.dimensions))
      await Promise.all(items.uids.map((uid, i) => set.getVectors([uid], arrays[i]!)))
      for (const [i, { uid, vector }] of rowsOf(items).entries()) sameList(arrays[i]!, vector, `vector of ${uid}`)
    },
    'writes at once are all there': async (t) => {
      const set = await t.make()
      const parts = Array.from({ length: 8 }, (_, i) => t.items(6, `part ${i}`))
      await Promise.all(parts.map((part) => set.addMany(batchesOf(part, 2))))
      await t.holds(set, parts, 'a set after 8 writes at once')
    },
    'reads are answered while a write waits for its source': async (t) => {
      const items = t.items(3)
      const set = await t.holding([items])
      const [first, second] = [t.items(2, 'first'), t.items(2, 'second')]
      const { source, reached, release } = heldBack(first, [second])
      t.defer(release)
      const added = set.addMany(source)
      await answersWithin(reached, t.patience, 'addMany that reads its source')
      await answersWithin(set.hasMany(items.uids), t.patience, 'hasMany while a write waits for its source')
      release()
      same(await added, 4, 'what addMany gives')
      await t.holds(set, [items, first, second], 'the set after the write')
    },
    'a read sees a batch whole or not at all': async (t) => {
      const uids = ['w', 'x', 'y', 'z']
      const batch = (value: number) => ({
        uids,
        vectors: { data: new Float32Array(4 * t.dimensions).fill(value), count: 4, dimensions: t.dimensions },
      })
      const set = await t.holding([t.items(), batch(0)])
      for (let round = 1; round <= 5; round++) {
        const written = set.addMany([batch(round)])
        const seen: { into: Float32Array; read: Promise<unknown> }[] = []
        for (let i = 0; i < 30; i++) {
          const into = new Float32Array(4 * t.dimensions)
          seen.push({ into, read: set.getVectors(uids, into) })
          await undefined
        }
        await written
        for (const { into, read } of seen) {
          await read
          ok(new Set(into).size === 1, `a read sees the four rows of a batch as one write left them; it saw ${[...new Set(into)].join(' and ')}`)
        }
      }
    },
    'of two removals of a uid one succeeds': async (t) => {
      const items = t.items(3)
      const set = await t.holding([items])
      const results = await Promise.allSettled([set.removeMany([items.uids[1]!]), set.removeMany([items.uids[1]!])])
      same(results.filter(({ status }) => status === 'fulfilled').length, 1, 'removals that succeeded')
      same(await set.count(), 2, 'count')
    },
  },
}
