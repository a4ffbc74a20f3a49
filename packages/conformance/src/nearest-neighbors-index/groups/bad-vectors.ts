// Group `wrong dimension, NaN, Infinity`: refused before anything works on them.

import type { Items, VectorBatch } from '@cbir/core'
import { badBatches } from '../../framework/bad-batches.ts'
import { rejects, same } from '../../framework/check.ts'
import type { IndexGroup } from '../index-case.ts'

const named = (batch: VectorBatch): Items => ({ uids: Array.from({ length: batch.count }, (_, i) => `bad ${i}`), vectors: batch })

export const badVectorsGroup: IndexGroup = {
  name: 'wrong dimension, NaN, Infinity',
  rule: 'DIMENSION_MISMATCH / NOT_FINITE, before anything works on it, the index unchanged; a batch of a wrong shape is INVALID_ARGUMENT',
  cases: {
    'in a query': async (t) => {
      const index = await t.filled(t.items())
      for (const [name, code, batch] of badBatches(t)) await rejects(() => index.nearest(batch, 3), code, `nearest with ${name}`)
    },
    'in a range query': async (t) => {
      if (!t.has('range')) return
      const index = await t.filled(t.items())
      for (const [name, code, batch] of badBatches(t)) await rejects(() => index.within(batch, 3), code, `within with ${name}`)
    },
    'in a build, in its first batch or a later one': async (t) => {
      for (const [name, code, batch] of badBatches(t)) {
        const index = await t.make()
        await rejects(() => index.build([t.items(), named(batch)]), code, `build with ${name} in its second batch`)
        same(index.count, 0, `count after a refused build with ${name}`)
        if (code === 'DIMENSION_MISMATCH') continue
        await rejects(() => index.build([named(batch)]), code, `build with ${name}`)
        same(index.count, 0, `count after a refused build with ${name}`)
      }
    },
    'in an update': async (t) => {
      if (!t.has('update')) return
      const index = await t.filled(t.items())
      const before = await t.snapshot(index)
      for (const [name, code, batch] of badBatches(t)) {
        await rejects(() => index.update([named(batch)]), code, `update with ${name}`)
        await t.unchanged(index, before, `a refused update with ${name}`)
      }
    },
    'uids that do not fit their vectors': async (t) => {
      const index = await t.make()
      const { uids, vectors } = t.items()
      await rejects(() => index.build([{ uids: uids.slice(1), vectors }]), 'INVALID_ARGUMENT', 'build with a uid too few')
      await rejects(
        () => index.build([{ uids: uids.map((_, i) => i as unknown as string), vectors }]),
        'INVALID_ARGUMENT',
        'build with uids that are numbers',
      )
      same(index.count, 0, 'count after refused builds')
    },
  },
}
