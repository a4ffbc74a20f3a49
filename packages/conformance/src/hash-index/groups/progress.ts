// Group `progress`: a long call says how far it is.

import { ok, same } from '../../framework/check.ts'
import { type HashIndexGroup, partsOf } from '../hash-index-case.ts'

export const progressGroup: HashIndexGroup = {
  name: 'progress',
  rule: 'a build reports what it has done, and never less than before',
  cases: {
    'of a build': async (t) => {
      const seen: number[] = []
      const index = await t.make()
      const batches = partsOf(t.codes(), 8).map((part) => t.batch(part))
      await index.build(batches, { onProgress: ({ done }) => void seen.push(done) })
      ok(seen.length > 0, 'progress is reported')
      same(seen.join(), [...seen].sort((a, b) => a - b).join(), 'progress, which never goes back')
      same(seen[seen.length - 1], 40, 'the last progress')
    },
  },
}
