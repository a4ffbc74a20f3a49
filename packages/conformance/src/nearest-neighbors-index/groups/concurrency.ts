// Group `concurrency`: many calls at once give what one after another gives.

import type { VectorBatch } from '@cbir/core'
import { answersWithin, ok, same, show } from '../../framework/check.ts'
import { heldBack, watched } from '../../framework/held-back.ts'
import type { Answer, IndexGroup } from '../index-case.ts'
import { batchesOf, joinItems, namesFor, pickItems } from '../test-vectors.ts'

export const concurrencyGroup: IndexGroup = {
  name: 'concurrency',
  rule:
    'any number of nearest at once. build prepares beside the old index, which goes on answering; only the swap excludes readers. ' +
    'update locks per batch. First come, first served',
  cases: {
    'many queries at once are each answered for themselves': async (t) => {
      const items = t.items()
      const index = await t.filled(items)
      const queries = Array.from({ length: 40 }, () => t.vectors(2))
      const one: Answer[][] = []
      for (const query of queries) one.push(await t.answers(index, query))
      const together = await Promise.all(queries.map((query) => t.answers(index, query)))
      for (const [i, query] of queries.entries()) t.agree(together[i]!, one[i]!, query, items, `query ${i} of 40 at once`)
    },
    'the old index answers while a build reads its source': async (t) => {
      const items = t.items()
      const index = await t.filled(items)
      const next = t.items(t.rows, 'next')
      const { source, reached, release } = heldBack(
        pickItems(next, (_, row) => row < 20),
        [pickItems(next, (_, row) => row >= 20)],
      )
      t.defer(release)
      const built = watched(index.build(source))
      await answersWithin(reached, t.patience, 'a build that reads its source')
      const query = t.vectors(1)
      const found = await answersWithin(index.nearest(query, t.rows), t.patience, 'nearest while a build waits for its source')
      same(found.hits(0).filter(({ uid }) => items.uids.includes(uid)).length, t.rows, 'neighbours from the old index while a build is under way')
      same(index.count, t.rows, 'count while a build is under way')
      release()
      await built
      await t.holds(index, next, 'the index after the build')
    },
    'queries are answered while an update waits for its source': async (t) => {
      if (!t.has('update')) return
      const items = t.items()
      const index = await t.filled(items)
      const more = t.items(6, 'more')
      const [first, rest] = batchesOf(more, 3)
      const { source, reached, release } = heldBack(first!, [rest!])
      t.defer(release)
      const updated = watched(index.update(source))
      await answersWithin(reached, t.patience, 'an update that reads its source')
      await answersWithin(index.nearest(t.vectors(1), 3), t.patience, 'nearest while an update waits for its source')
      release()
      await updated
      await t.holds(index, joinItems(items, more), 'the index after the update')
    },
    'changes at once are all there': async (t) => {
      if (!t.has('update')) return
      const items = t.items()
      const index = await t.filled(items)
      const parts = Array.from({ length: 8 }, (_, i) => t.items(3, `part ${i}`))
      await Promise.all(parts.map((part) => index.update(batchesOf(part, 1))))
      await t.holds(index, joinItems(items, ...parts), 'an index after 8 updates at once')
    },
    'a query during an update sees a batch whole or not at all': async (t) => {
      if (!t.has('update')) return
      // The rows of the batch stand at one place, before and after: torn, their distances differ.
      const place = t.vectors(1)
      const four = joinItems(...namesFor(4, 'four').map((uid) => ({ uids: [uid], vectors: place })))
      const index = await t.filled(joinItems(t.items(), four))
      const query = t.vectors(1)
      const moveTo = async (place: VectorBatch): Promise<void> =>
        void (await index.update([joinItems(...four.uids.map((uid) => ({ uids: [uid], vectors: place })))]))
      for (let round = 0; round < 5; round++) {
        const moved = moveTo(t.vectors(1))
        const seen: Promise<Answer[]>[] = []
        for (let i = 0; i < 30; i++) {
          seen.push(t.answers(index, query))
          await undefined
        }
        await moved
        for (const [answer] of await Promise.all(seen)) {
          const distances = four.uids.map((uid) => answer!.get(uid))
          ok(
            new Set(distances).size === 1 && distances[0] !== undefined,
            `a query sees the four rows of a batch at one place; it saw ${show(distances)}`,
          )
        }
      }
    },
    'of two removals of a uid one succeeds': async (t) => {
      if (!t.has('remove')) return
      const items = t.items()
      const index = await t.filled(items)
      const uid = items.uids[3]!
      const results = await Promise.allSettled([index.remove([uid]), index.remove([uid])])
      same(results.filter(({ status }) => status === 'fulfilled').length, 1, 'removals that succeeded')
      same(index.count, t.rows - 1, 'count')
    },
  },
}
