// Group `concurrency`: many calls at once give what one after another gives.

import { answersWithin, ok, same, sameList, show } from '../../framework/check.ts'
import { heldBack, watched } from '../../framework/held-back.ts'
import { type DataSetGroup, elementsOf, uuidsOf } from '../data-set-case.ts'

export const concurrencyGroup: DataSetGroup = {
  name: 'concurrency',
  rule: 'any number of reads at once; a write locks per batch, so reads go on while it waits for its source, and see a batch whole or not at all',
  cases: {
    'many reads at once are each answered for themselves': async (t) => {
      const contents = await t.contents(20)
      const set = await t.holding(contents)
      const answers = await Promise.all(contents.map(({ uuid }) => set.getMany([uuid])))
      for (const [i, { bytes, uuid }] of contents.entries()) sameList(await answers[i]![0]!.bytes(), bytes, `bytes of ${uuid}`)
    },
    'writes at once are all there': async (t) => {
      if (!t.writable) return
      const contents = await t.contents(24)
      const set = await t.make()
      const elements = elementsOf(contents)
      const parts = Array.from({ length: 6 }, (_, i) => elements.slice(4 * i, 4 * i + 4))
      await Promise.all(parts.map((part) => set.addMany([part.slice(0, 2), part.slice(2)])))
      await t.holds(set, contents, 'a set after 6 writes at once')
    },
    'reads are answered while a write waits for its source': async (t) => {
      if (!t.writable) return
      const contents = await t.contents(5)
      const set = await t.holding(contents.slice(0, 2))
      const { source, reached, release } = heldBack(elementsOf(contents.slice(2, 4)), [elementsOf(contents.slice(4))])
      t.defer(release)
      const added = watched(set.addMany(source))
      await answersWithin(reached, t.patience, 'addMany that reads its source')
      await answersWithin(set.getMany([contents[0]!.uuid]), t.patience, 'getMany while a write waits for its source')
      release()
      same(await added, 3, 'what addMany gives')
      await t.holds(set, contents, 'the set after the write')
    },
    'a read sees a batch whole or not at all': async (t) => {
      if (!t.writable) return
      const set = await t.make()
      const contents = await t.contents(20)
      for (let round = 0; round < 5; round++) {
        const four = contents.slice(4 * round, 4 * round + 4)
        const added = watched(set.addMany([elementsOf(four)]))
        const seen: Promise<Uint8Array>[] = []
        for (let i = 0; i < 20; i++) {
          seen.push(watched(set.hasMany(uuidsOf(four))))
          await new Promise((resolve) => setTimeout(resolve, 0))
        }
        await added
        for (const there of await Promise.all(seen)) ok(new Set(there).size === 1, `a read sees all of a batch or none; it saw ${show(there)}`)
      }
    },
  },
}
