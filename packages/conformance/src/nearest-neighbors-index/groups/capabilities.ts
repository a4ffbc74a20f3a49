// Group `capabilities`: what is declared is there, what is not declared throws NOT_SUPPORTED.

import { rejects, sameList, throws } from '../../framework/check.ts'
import type { IndexGroup } from '../index-case.ts'

export const capabilitiesGroup: IndexGroup = {
  name: 'capabilities',
  rule: 'an index says what it can do; a method of an ability that it does not have exists and rejects with NOT_SUPPORTED',
  cases: {
    'the declared abilities are those of the suite’s options': async (t) => {
      const index = await t.make()
      sameList([...index.capabilities].sort(), [...t.options.capabilities].sort(), 'capabilities')
    },
    'what is not declared rejects with NOT_SUPPORTED': async (t) => {
      const index = await t.filled(t.items())
      const before = await t.snapshot(index)
      if (!t.has('update')) await rejects(() => index.update([t.items(2, 'new')]), 'NOT_SUPPORTED', 'update without the ability')
      if (!t.has('remove')) await rejects(() => index.remove(['item 0/é✓']), 'NOT_SUPPORTED', 'remove without the ability')
      if (!t.has('range')) await rejects(() => index.within(t.vectors(1), 1), 'NOT_SUPPORTED', 'within without the ability')
      if (!t.has('persist')) {
        await rejects(() => index.save('nowhere'), 'NOT_SUPPORTED', 'save without the ability')
        await rejects(() => index.flush(), 'NOT_SUPPORTED', 'flush without the ability')
        await throws(() => index.attach('notes', () => []), 'NOT_SUPPORTED', 'attach without the ability')
      }
      await t.unchanged(index, before, 'refused calls')
    },
  },
}
