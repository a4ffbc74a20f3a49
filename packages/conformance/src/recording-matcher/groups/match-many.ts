// Group `match many`: one answer for each sound, in their order.

import { same } from '../../framework/check.ts'
import type { RecordingMatcherGroup } from '../recording-matcher-case.ts'

export const matchManyGroup: RecordingMatcherGroup = {
  name: 'match many',
  rule: 'matchMany gives one answer for each sound, in their order; in a matcher without recordings every answer is none',
  cases: {
    'in the order of the sounds': async (t) => {
      const matcher = await t.holding(0, 1)
      const found = await matcher.matchMany([t.cut(1), t.cut(3), t.cut(0, 1), t.cut(1, 3)])
      same(found.length, 4, 'answers')
      t.is(found[0], 1, 2, 'the first answer')
      t.isNone(found[1], 'the answer for a tune that is not there')
      t.is(found[2], 0, 1, 'the third answer')
      t.is(found[3], 1, 3, 'the fourth answer')
      same((await matcher.matchMany([])).length, 0, 'answers for no sounds')
    },
    'without recordings': async (t) => {
      const matcher = await t.make()
      t.isNone(await matcher.match(t.cut(0)), 'the answer of a matcher without recordings')
      same((await matcher.matchMany([t.cut(0), t.cut(1)])).filter((one) => one !== undefined).length, 0, 'matches in a matcher without recordings')
    },
  },
}
