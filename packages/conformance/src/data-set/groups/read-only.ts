// Group `read-only`: a set that takes no elements says so.

import { rejects, same } from '../../framework/check.ts'
import { type DataSetGroup, elementsOf } from '../data-set-case.ts'

export const readOnlyGroup: DataSetGroup = {
  name: 'read-only',
  rule: 'readOnly says whether elements can be added; where they cannot, addMany is READ_ONLY and changes nothing',
  cases: {
    'readOnly is what the suite’s options say': async (t) => {
      same((await t.make()).readOnly, !t.writable, 'readOnly')
    },
    'nothing is added to a read-only set': async (t) => {
      if (t.writable) return
      const contents = await t.contents(3)
      const set = await t.holding(contents.slice(0, 2))
      await rejects(() => set.addMany([elementsOf(contents.slice(2))]), 'READ_ONLY', 'addMany on a read-only set')
      await t.holds(set, contents.slice(0, 2), 'the set after a refused call')
    },
  },
}
