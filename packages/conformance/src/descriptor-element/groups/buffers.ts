// Group `buffers`: vectors are copied in and out.

import { sameList } from '../../framework/check.ts'
import type { DescriptorElementGroup } from '../descriptor-element-case.ts'

export const buffersGroup: DescriptorElementGroup = {
  name: 'buffers',
  rule: 'vectors are copied in and out; the caller may change or transfer what it passed as soon as the call has returned its promise',
  cases: {
    'a vector changed right after the call': async (t) => {
      const element = await t.make()
      const vector = t.vector()
      const passed = vector.slice()
      const set = element.setVector(passed)
      passed.fill(9)
      await set
      await t.holds(element, vector, 'an element whose vector was changed after the call')
      passed.fill(8)
      await t.holds(element, vector, 'an element whose vector was changed later')
    },
    'a vector transferred right after the call': async (t) => {
      const element = await t.make()
      const vector = t.vector()
      const passed = vector.slice()
      const set = element.setVector(passed)
      structuredClone(passed.buffer, { transfer: [passed.buffer] })
      await set
      await t.holds(element, vector, 'an element whose vector was transferred after the call')
    },
    'a vector belongs to the caller': async (t) => {
      const vector = t.vector()
      const element = await t.holding(vector)
      const first = await element.vector()
      const second = await element.vector()
      first.fill(9)
      sameList(second, vector, 'another copy of the vector')
      await t.holds(element, vector, 'an element after the vector that came out was changed')
    },
  },
}
