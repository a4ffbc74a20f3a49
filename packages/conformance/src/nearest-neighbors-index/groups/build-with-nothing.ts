// Group `build with nothing`: an error, and nothing is lost.

import { rejects, same } from '../../framework/check.ts'
import type { IndexGroup } from '../index-case.ts'

export const buildWithNothingGroup: IndexGroup = {
  name: 'build with nothing',
  rule: 'EMPTY_BUILD, and the index that stood before still stands',
  cases: {
    'no batch, and batches without rows': async (t) => {
      const index = await t.filled(t.items())
      const before = await t.snapshot(index)
      const none = { uids: [], vectors: { data: new Float32Array(0), count: 0, dimensions: t.dimensions } }
      await rejects(() => index.build([]), 'EMPTY_BUILD', 'build of no batch')
      await rejects(() => index.build([none, none]), 'EMPTY_BUILD', 'build of batches without rows')
      await rejects(() => index.build((async function* () {})()), 'EMPTY_BUILD', 'build of an asynchronous source without batches')
      await t.unchanged(index, before, 'builds with nothing')
    },
    'on an index that was never built': async (t) => {
      const index = await t.make()
      await rejects(() => index.build([]), 'EMPTY_BUILD', 'build of no batch')
      same(index.count, 0, 'count after it')
    },
    'what is no source is refused': async (t) => {
      const index = await t.filled(t.items())
      const before = await t.snapshot(index)
      for (const source of [undefined, null, 7, t.items()]) {
        await rejects(() => index.build(source as never), 'INVALID_ARGUMENT', `build of ${source === null ? 'null' : typeof source}`)
      }
      await t.unchanged(index, before, 'refused builds')
    },
  },
}
