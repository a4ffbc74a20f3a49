// Group `buffers`: what is passed in may be changed or transferred as soon as the call has given its promise.

import type { Items } from '@cbir/core'
import { same, sameList } from '../../framework/check.ts'
import { watched } from '../../framework/held-back.ts'
import type { IndexGroup } from '../index-case.ts'
import { batchesOf, copyItems, joinItems } from '../test-vectors.ts'

/** Gives `batches` through one buffer and one list of names, which are filled anew for every batch. */
function* reusing(batches: readonly Items[]): Generator<Items> {
  const { dimensions } = batches[0]!.vectors
  const data = new Float32Array(batches[0]!.vectors.data.length)
  const uids: string[] = []
  for (const batch of batches) {
    data.set(batch.vectors.data)
    uids.splice(0, uids.length, ...batch.uids)
    const part = data.subarray(0, batch.vectors.data.length)
    yield { uids, vectors: { data: part, count: batch.uids.length, dimensions } }
    data.fill(0)
    uids.fill('spoiled')
  }
}

export const buffersGroup: IndexGroup = {
  name: 'buffers',
  rule: 'the caller may change, transfer or shrink a buffer as soon as the call has returned its promise; a source may reuse its buffers for its next batch',
  cases: {
    'a query changed right after the call': async (t) => {
      const items = t.items()
      const index = await t.filled(items)
      const queries = t.vectors(3)
      const wanted = await t.answers(index, queries)
      const passed = { ...queries, data: queries.data.slice() }
      const answer = t.answers(index, passed)
      passed.data.fill(7)
      t.agree(await answer, wanted, queries, items, 'a query that was changed after the call')
    },
    'a query transferred right after the call': async (t) => {
      const items = t.items()
      const index = await t.filled(items)
      const queries = t.vectors(3)
      const wanted = await t.answers(index, queries)
      const passed = { ...queries, data: queries.data.slice() }
      const answer = t.answers(index, passed)
      structuredClone(passed.data.buffer, { transfer: [passed.data.buffer] })
      t.agree(await answer, wanted, queries, items, 'a query that was transferred after the call')
    },
    'a range query changed right after the call': async (t) => {
      if (!t.has('range')) return
      const index = await t.filled(t.items())
      const queries = t.vectors(1)
      const radius = (await index.nearest(queries, t.rows)).distances[10]!
      const wanted = await index.within(queries, radius)
      const passed = { ...queries, data: queries.data.slice() }
      const answer = index.within(passed, radius)
      passed.data.fill(7)
      sameList((await answer).uids, wanted.uids, 'uids within the radius')
    },
    'a list of uids changed right after the call': async (t) => {
      if (!t.has('remove')) return
      const items = t.items()
      const index = await t.filled(items)
      const uids = [items.uids[1]!, items.uids[2]!]
      const removed = watched(index.remove(uids))
      uids[0] = items.uids[5]!
      uids.pop()
      same(await removed, t.rows - 2, 'what remove gives')
      const [answer] = await t.answers(index, t.vectors(1))
      same(answer!.has(items.uids[5]!), true, 'the uid that was put in later is still there')
    },
    'a source that reuses its buffers': async (t) => {
      const items = t.items()
      const index = await t.make()
      await index.build(reusing(batchesOf(items, 8)))
      await t.holds(index, items, 'an index built from a source that reuses its buffers')
      if (!t.has('update')) return
      const more = t.items(8, 'more')
      await index.update(reusing(batchesOf(more, 4)))
      await t.holds(index, joinItems(items, more), 'an index updated from a source that reuses its buffers')
    },
    'items changed after the build': async (t) => {
      const items = t.items()
      const passed = copyItems(items)
      const index = await t.filled(passed)
      passed.vectors.data.fill(3)
      ;(passed.uids as string[]).fill('spoiled')
      await t.holds(index, items, 'an index whose items were changed after the build')
    },
    'answers belong to the caller': async (t) => {
      const index = await t.filled(t.items())
      const queries = t.vectors(2)
      const first = await index.nearest(queries, 5)
      const kept = first.distances.slice()
      const second = await index.nearest(t.vectors(2), 5)
      sameList(first.distances, kept, 'distances of an answer after another query')
      second.distances.fill(0)
      sameList((await index.nearest(queries, 5)).distances, kept, 'distances after another answer was changed')
    },
  },
}
