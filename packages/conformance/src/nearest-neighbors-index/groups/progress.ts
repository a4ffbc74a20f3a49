// Group `progress`: long calls say how far they are.

import type { Progress } from '@cbir/core'
import { ok } from '../../framework/check.ts'
import type { IndexGroup } from '../index-case.ts'
import { batchesOf } from '../test-vectors.ts'

export const progressGroup: IndexGroup = {
  name: 'progress',
  rule: 'every long call takes onProgress: what is done never goes back, and never exceeds the total',
  cases: {
    'a build reports': async (t) => {
      const index = await t.make()
      const seen: Progress[] = []
      await index.build(batchesOf(t.items(), 5), { onProgress: (progress) => seen.push({ ...progress }) })
      ok(seen.length > 0, 'a build of several batches reports at least once')
      ok(!seen.some(({ done }, i) => i > 0 && done < seen[i - 1]!.done), 'done never goes back')
      ok(!seen.some(({ done, total }) => total !== undefined && done > total), 'done never exceeds total')
    },
  },
}
