// Group `buffers`: what is passed in may be changed as soon as the call has given its promise; answers belong to the caller.

import type { BitBatch } from '@cbir/core'
import { same, sameList } from '../../framework/check.ts'
import { watched } from '../../framework/held-back.ts'
import { codesOf, type HashIndexGroup, partsOf } from '../hash-index-case.ts'

export const buffersGroup: HashIndexGroup = {
  name: 'buffers',
  rule: 'the caller may change, transfer or shrink a buffer as soon as the call has returned its promise; a source may reuse its buffer for its next batch',
  cases: {
    'queries changed or transferred right after the call': async (t) => {
      const codes = t.codes()
      const index = await t.holding(codes)
      const changed = t.batch([codes[5]!])
      const first = index.nearest(changed, 1)
      changed.data.fill(0)
      same(codesOf(await first, 0)[0], codes[5], 'the code closest to a query that was changed after the call')
      const moved = t.batch([codes[6]!])
      const second = index.nearest(moved, 1)
      structuredClone(moved.data.buffer, { transfer: [moved.data.buffer as ArrayBuffer] })
      same(codesOf(await second, 0)[0], codes[6], 'the code closest to a query that was transferred after the call')
    },
    'codes changed right after the call': async (t) => {
      const codes = t.codes()
      const index = await t.make()
      const passed = t.batch(codes)
      const built = watched(index.build([passed]))
      passed.data.fill(0)
      await built
      await t.holds(index, codes, 'an index whose codes were changed after the call')
      if (t.has('remove')) {
        const gone = t.batch([codes[0]!])
        const removed = index.remove(gone)
        gone.data.set(t.batch([codes[1]!]).data)
        same(await removed, 39, 'what remove gives')
        await t.holds(index, codes.slice(1), 'an index after a removal whose codes were changed')
      }
    },
    'a source that reuses its buffer': async (t) => {
      const codes = t.codes()
      const index = await t.make()
      const source = function* (all: readonly string[]): Generator<BitBatch> {
        const batch = t.batch(all.slice(0, 8))
        for (const part of partsOf(all, 8)) {
          batch.data.set(t.batch(part).data)
          yield batch
          batch.data.fill(0)
        }
      }
      await index.build(source(codes))
      await t.holds(index, codes, 'an index built from a source that reuses its buffer')
      if (!t.has('update')) return
      const more = t.codes(16)
      await index.update(source(more))
      await t.holds(index, [...codes, ...more], 'an index updated from a source that reuses its buffer')
    },
    'answers belong to the caller': async (t) => {
      const index = await t.holding(t.codes())
      const queries = t.queries(1)
      const first = await index.nearest(queries, 40)
      const kept = codesOf(first, 0)
      const distances = first.distances.slice()
      const second = await index.nearest(queries, 40)
      second.codes.data.fill(0)
      second.distances.fill(0)
      sameList(codesOf(first, 0), kept, 'codes of an answer after another answer was changed')
      sameList(first.distances, distances, 'distances of an answer after another answer was changed')
      const third = await index.nearest(queries, 40)
      sameList(codesOf(third, 0), kept, 'codes after an answer was changed')
    },
  },
}
