// Group `read-only`: an element that cannot be written says so.

import { rejects, same } from '../../framework/check.ts'
import type { DataElementGroup } from '../data-element-case.ts'

export const readOnlyGroup: DataElementGroup = {
  name: 'read-only',
  rule: 'writable says whether setBytes works; where it does not, setBytes is READ_ONLY and changes nothing',
  cases: {
    'writable is what the suite’s options say': async (t) => {
      same((await t.make()).writable, t.writable, 'writable')
    },
    'a read-only element is not written': async (t) => {
      if (t.writable) return
      const bytes = t.bytes(20)
      const element = await t.holding(bytes)
      await rejects(() => element.setBytes(t.bytes(5)), 'READ_ONLY', 'setBytes on a read-only element')
      await t.holds(element, bytes, 'bytes after a refused call')
    },
  },
}
