// Group `no vector`: an element whose vector has not been computed yet, or was cleared.

import { names, rejects, same } from '../../framework/check.ts'
import type { DescriptorElementGroup } from '../descriptor-element-case.ts'

export const noVectorGroup: DescriptorElementGroup = {
  name: 'no vector',
  rule: 'an element without a vector says so: hasVector is false, and vector is NO_VECTOR, which names the uid; null clears',
  cases: {
    'a new element has none': async (t) => {
      const element = await t.make()
      same(await element.hasVector(), false, 'hasVector')
      names(await rejects(() => element.vector(), 'NO_VECTOR', 'vector of a new element'), element.uid, 'the error')
    },
    'null clears': async (t) => {
      const element = await t.holding(t.vector())
      await element.setVector(null)
      same(await element.hasVector(), false, 'hasVector after null was set')
      await rejects(() => element.vector(), 'NO_VECTOR', 'vector after null was set')
    },
    'what was cleared can be set again': async (t) => {
      const element = await t.holding(t.vector())
      await element.setVector(null)
      const vector = t.vector()
      await element.setVector(vector)
      await t.holds(element, vector, 'an element that was cleared and set')
    },
    'clearing an element that has none is no error': async (t) => {
      const element = await t.make()
      await element.setVector(null)
      same(await element.hasVector(), false, 'hasVector')
    },
  },
}
