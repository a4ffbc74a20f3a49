// Group `items`: everything in the set, in the order of insertion.

import { ok, same, sameData, sameList, throws } from '../../framework/check.ts'
import { allRows, batchesOf, type DescriptorSetGroup, rowsOf } from '../set-case.ts'

export const itemsGroup: DescriptorSetGroup = {
  name: 'items',
  rule:
    'items gives all rows in the order of insertion, in batches of at most batchSize rows of equal length; an overwritten uid keeps its place. ' +
    'What is written or removed during an iteration may be in it or not; all else is in it once',
  cases: {
    'rows come in the order of insertion': async (t) => {
      const items = t.items(20)
      const shuffled = batchesOf(items, 7).reverse()
      const set = await t.holding(shuffled)
      const wanted = shuffled.flatMap(rowsOf)
      for (const batchSize of [1, 6, 20, 1000, undefined]) {
        sameData(
          (await allRows(set, batchSize)).map(({ uid }) => uid),
          wanted.map(({ uid }) => uid),
          `uids in batches of ${batchSize}`,
        )
      }
      for (const [i, row] of (await allRows(set, 6)).entries()) {
        sameList(row.vector, wanted[i]!.vector, `vector of ${row.uid}`)
      }
    },
    'a batch has at most batchSize rows of one length': async (t) => {
      const set = await t.holding([t.items(5), t.items(4, 'short', 3), t.items(5, 'more')])
      let rows = 0
      for await (const { uids, vectors } of set.items({ batchSize: 4 })) {
        ok(uids.length >= 1 && uids.length <= 4, `a batch has 1 to 4 rows; it has ${uids.length}`)
        same(vectors.count, uids.length, 'count of a batch')
        same(vectors.data.length, uids.length * vectors.dimensions, 'numbers of a batch')
        rows += uids.length
      }
      same(rows, 14, 'rows in all')
    },
    'an overwritten uid keeps its place, a removed one loses it': async (t) => {
      const items = t.items(4)
      const [a, b, c, d] = items.uids as [string, string, string, string]
      const set = await t.holding([items])
      await set.addMany([{ uids: [b], vectors: t.vectors(1) }])
      await set.removeMany([a])
      await set.addMany([{ uids: [a], vectors: t.vectors(1) }])
      sameList(
        (await allRows(set)).map(({ uid }) => uid),
        [b, c, d, a],
        'uids',
      )
    },
    'an iteration beside changes gives all else once': async (t) => {
      const items = t.items(30)
      const set = await t.holding([items])
      const gone = new Set([items.uids[1]!, items.uids[20]!, items.uids[29]!])
      const seen: string[] = []
      let round = 0
      for await (const { uids } of set.items({ batchSize: 4 })) {
        seen.push(...uids)
        if (round === 1) await set.removeMany([...gone])
        if (round === 2) await set.addMany([t.items(5, 'late')])
        round++
      }
      const stayed = items.uids.filter((uid) => !gone.has(uid))
      sameList(
        seen.filter((uid) => stayed.includes(uid)),
        stayed,
        'uids that were there all the time',
      )
      same(new Set(seen).size, seen.length, 'distinct uids')
    },
    'an iteration may be left': async (t) => {
      const set = await t.holding([t.items(10)])
      for await (const { uids } of set.items({ batchSize: 2 })) {
        same(uids.length, 2, 'rows of the first batch')
        break
      }
      await set.addMany([t.items(1, 'after')])
      same(await set.count(), 11, 'count')
    },
    'an empty set has no items': async (t) => {
      same((await allRows(await t.make())).length, 0, 'rows')
    },
    'batchSize is a positive whole number': async (t) => {
      const set = await t.holding([t.items(2)])
      for (const batchSize of [0, -1, 1.5, Number.NaN])
        await throws(() => allRows(set, batchSize), 'INVALID_ARGUMENT', `items with batchSize ${batchSize}`)
    },
  },
}
