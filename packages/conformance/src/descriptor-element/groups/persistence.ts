// Group `persistence`: the vector is there when the element is made again.

import { same } from '../../framework/check.ts'
import type { DescriptorElementGroup } from '../descriptor-element-case.ts'

export const persistenceGroup: DescriptorElementGroup = {
  name: 'persistence',
  rule: 'an element that keeps its vector somewhere finds it there again, and does not find one that was cleared',
  applies: ({ reopen }) => reopen !== undefined,
  cases: {
    'what was set is there': async (t) => {
      const vector = t.vector()
      const element = await t.holding(vector)
      await t.holds(await t.reopen(element), vector, 'an element that was made again')
    },
    'so is what was set in its place': async (t) => {
      const element = await t.holding(t.vector())
      const next = t.vector()
      await element.setVector(next)
      await t.holds(await t.reopen(element), next, 'an element that was made again')
    },
    'what was cleared is gone': async (t) => {
      const element = await t.holding(t.vector())
      await element.setVector(null)
      same(await (await t.reopen(element)).hasVector(), false, 'hasVector of an element that was cleared and made again')
    },
  },
}
