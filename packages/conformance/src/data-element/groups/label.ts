// Case of the group `component`: what a data element says of itself.

import { ok, same } from '../../framework/check.ts'
import type { DataElementGroup } from '../data-element-case.ts'

export const labelCases: DataElementGroup['cases'] = {
  'it has a label and says whether it can be written': async (t) => {
    const element = await t.make()
    ok(typeof element.label === 'string' && element.label !== '', 'label is a text')
    same(typeof element.writable, 'boolean', 'type of writable')
  },
}
