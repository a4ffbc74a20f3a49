// Group `read-only`: a set that cannot be written says so.

import { rejects, same } from '../../framework/check.ts'
import type { DescriptorSetGroup } from '../set-case.ts'

export const readOnlyGroup: DescriptorSetGroup = {
  name: 'read-only',
  rule: 'readOnly says whether the set can be written; where it cannot, addMany, removeMany and clear are READ_ONLY, and nothing is changed',
  cases: {
    'a set that can be written says so': async (t) => {
      same((await t.make()).readOnly, false, 'readOnly')
    },
    'a read-only set is read, and not written': async (t) => {
      const { createReadOnly } = t.options
      if (!createReadOnly) return
      const items = t.items(4)
      const set = t.keep(await createReadOnly(items))
      same(set.readOnly, true, 'readOnly of a read-only set')
      await rejects(() => set.addMany([t.items(1, 'new')]), 'READ_ONLY', 'addMany on a read-only set')
      await rejects(() => set.removeMany([items.uids[0]!]), 'READ_ONLY', 'removeMany on a read-only set')
      await rejects(() => set.clear(), 'READ_ONLY', 'clear on a read-only set')
      await t.holds(set, [items], 'a read-only set after refused calls')
    },
  },
}
