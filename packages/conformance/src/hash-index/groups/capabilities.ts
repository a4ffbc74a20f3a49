// Group `capabilities`: what is declared is there, what is not declared throws NOT_SUPPORTED.

import { rejects, same, sameList } from '../../framework/check.ts'
import type { HashIndexGroup } from '../hash-index-case.ts'

export const capabilitiesGroup: HashIndexGroup = {
  name: 'capabilities',
  rule: 'an index says what it can do; a method of an ability that it does not have exists and rejects with NOT_SUPPORTED',
  cases: {
    'the declared abilities are those of the suite’s options': async (t) => {
      sameList([...(await t.make()).capabilities].sort(), [...t.options.capabilities].sort(), 'capabilities')
    },
    'bits are those of the codes, once something was built': async (t) => {
      same((await t.make()).bits, undefined, 'bits of an index that was never built')
      same((await t.holding(t.codes(3))).bits, t.bits, 'bits')
    },
    'what is not declared rejects with NOT_SUPPORTED': async (t) => {
      const codes = t.codes()
      const index = await t.holding(codes)
      if (!t.has('update')) await rejects(() => index.update([t.queries(2)]), 'NOT_SUPPORTED', 'update without the ability')
      if (!t.has('remove')) await rejects(() => index.remove(t.batch(codes.slice(0, 1))), 'NOT_SUPPORTED', 'remove without the ability')
      if (!t.has('persist')) {
        await rejects(() => index.save('nowhere'), 'NOT_SUPPORTED', 'save without the ability')
        await rejects(() => index.flush(), 'NOT_SUPPORTED', 'flush without the ability')
      }
      await t.holds(index, codes, 'the index after refused calls')
    },
  },
}
