// Group `capabilities`: what is declared is there, what is not declared throws NOT_SUPPORTED.

import { rejects, sameList } from '../../framework/check.ts'
import type { RecordingMatcherGroup } from '../recording-matcher-case.ts'

export const capabilitiesGroup: RecordingMatcherGroup = {
  name: 'capabilities',
  rule: 'a matcher says what it can do; a method of an ability that it does not have exists and rejects with NOT_SUPPORTED',
  cases: {
    'the declared abilities are those of the suite’s options': async (t) => {
      sameList([...(await t.make()).capabilities].sort(), [...t.options.capabilities].sort(), 'capabilities')
    },
    'what is not declared rejects with NOT_SUPPORTED': async (t) => {
      const matcher = await t.holding(0)
      if (!t.has('remove')) await rejects(() => matcher.remove(['tune 0']), 'NOT_SUPPORTED', 'remove without the ability')
      if (!t.has('persist')) {
        await rejects(() => matcher.save('nowhere'), 'NOT_SUPPORTED', 'save without the ability')
        await rejects(() => matcher.flush(), 'NOT_SUPPORTED', 'flush without the ability')
      }
      await t.holds(matcher, [0], [], 'the matcher after refused calls')
    },
  },
}
