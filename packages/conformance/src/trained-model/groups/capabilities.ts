// Group `capabilities`: what is declared is there, what is not declared rejects with NOT_SUPPORTED.

import { rejects, same, sameList } from '../../framework/check.ts'
import type { ModelGroup } from '../model-case.ts'

export const capabilitiesGroup: ModelGroup = {
  name: 'capabilities',
  rule: 'a component says what it can do; the method of an ability that it does not have exists and rejects with NOT_SUPPORTED',
  cases: {
    'the declared abilities are those of the suite’s options': async (t) => {
      sameList([...(await t.make()).capabilities].sort(), [...t.options.capabilities].sort(), 'capabilities')
    },
    'what is not declared rejects with NOT_SUPPORTED': async (t) => {
      const component = await t.trained()
      if (!t.trains) await rejects(() => t.teach(component, [t.vectors(t.rows)]), 'NOT_SUPPORTED', 'training without the ability')
      if (!t.has('persist')) await rejects(() => component.save('nowhere'), 'NOT_SUPPORTED', 'save without the ability')
    },
    'what needs no training has its model from the start': async (t) => {
      same((await t.make()).hasModel, !t.trains, 'hasModel of a new component')
    },
  },
}
