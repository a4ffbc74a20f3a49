// Group `unique codes`: a code is in the index once, however often it was given.

import { same } from '../../framework/check.ts'
import type { HashIndexGroup } from '../hash-index-case.ts'

export const uniqueCodesGroup: HashIndexGroup = {
  name: 'unique codes',
  rule: 'each code is in the index once, however often it was given, and counts once',
  cases: {
    'given twice to a build': async (t) => {
      const codes = t.codes()
      const index = await t.make()
      const again = [...codes, codes[3]!, codes[3]!]
      same(await index.build([t.batch(again), t.batch(codes.slice(5, 9))]), 40, 'what build gives')
      await t.holds(index, codes, 'an index of codes given several times')
    },
    'given again to an update': async (t) => {
      if (!t.has('update')) return
      const codes = t.codes()
      const more = t.codes(3)
      const index = await t.holding(codes)
      same(await index.update([t.batch([...codes.slice(0, 5), ...more, more[0]!])]), 43, 'what update gives')
      await t.holds(index, [...codes, ...more], 'an index after an update with known codes')
    },
    'given twice, removed once': async (t) => {
      if (!t.has('remove')) return
      const codes = t.codes()
      const index = await t.make()
      await index.build([t.batch(codes), t.batch(codes)])
      same(await index.remove(t.batch([codes[7]!])), 39, 'what remove gives')
      await t.holds(
        index,
        codes.filter((code) => code !== codes[7]),
        'the index',
      )
    },
  },
}
