// Group `update`: codes are added, a batch at a time.

import { rejects, same } from '../../framework/check.ts'
import { withCapability } from '../../framework/filled-case.ts'
import { batchOf } from '../codes.ts'
import { type HashIndexGroup, partsOf } from '../hash-index-case.ts'

export const updateGroup: HashIndexGroup = {
  name: 'update',
  rule: 'new codes are added. Atomic per batch; the error carries how many batches stand. On an index never built it builds',
  applies: withCapability('update'),
  cases: {
    'new codes are added': async (t) => {
      const codes = t.codes()
      const more = t.codes(10)
      const index = await t.holding(codes)
      same(await index.update(partsOf(more, 3).map((part) => t.batch(part))), 50, 'what update gives')
      await t.holds(index, [...codes, ...more], 'an updated index')
    },
    'on an index that was never built it builds': async (t) => {
      const codes = t.codes()
      const index = await t.make()
      same(await index.update([t.batch(codes)]), 40, 'what update gives')
      await t.holds(index, codes, 'an index filled by update')
    },
    'batches before a bad one stand, the bad one does not': async (t) => {
      const codes = t.codes()
      const good = t.codes(3)
      const index = await t.holding(codes)
      const bad = batchOf(['0'.repeat(t.bits + 1)], t.bits + 1)
      const error = await rejects(() => index.update([t.batch(good), bad, t.queries(2)]), 'DIMENSION_MISMATCH', 'update with a bad second batch')
      same(error.details['batchesApplied'], 1, 'details.batchesApplied')
      await t.holds(index, [...codes, ...good], 'an index whose update failed in the second batch')
    },
    'an empty batch changes nothing': async (t) => {
      const codes = t.codes()
      const index = await t.holding(codes)
      same(await index.update([t.batch([])]), 40, 'what update gives')
      await t.holds(index, codes, 'the index')
    },
  },
}
