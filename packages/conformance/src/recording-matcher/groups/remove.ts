// Group `remove`: all of the given recordings go, or none.

import { rejects, same, sameData } from '../../framework/check.ts'
import { withCapability } from '../../framework/filled-case.ts'
import type { RecordingMatcherGroup } from '../recording-matcher-case.ts'

export const removeGroup: RecordingMatcherGroup = {
  name: 'remove',
  rule: 'a removed recording is never found again; an id that is not there is UNKNOWN_UID, one given twice DUPLICATE_UID, and nothing is removed',
  applies: withCapability('remove'),
  cases: {
    'removed recordings are gone': async (t) => {
      const matcher = await t.holding(0, 1, 2)
      same(await matcher.remove(['tune 0', 'tune 2']), 1, 'what remove gives')
      await t.holds(matcher, [1], [0, 2], 'a matcher with two recordings removed')
      same(await matcher.remove([]), 1, 'what remove of nothing gives')
    },
    'an unknown id': async (t) => {
      const matcher = await t.holding(0, 1)
      const error = await rejects(() => matcher.remove(['tune 0', 'no', 'nowhere']), 'UNKNOWN_UID', 'remove with unknown ids')
      sameData(error.details['uids'], ['no', 'nowhere'], 'details.uids')
      await t.holds(matcher, [0, 1], [], 'the matcher after a refused removal')
      await rejects(async () => (await t.make()).remove(['tune 0']), 'UNKNOWN_UID', 'remove from a matcher without recordings')
    },
    'an id twice': async (t) => {
      const matcher = await t.holding(0)
      await rejects(() => matcher.remove(['tune 0', 'tune 0']), 'DUPLICATE_UID', 'remove of an id twice')
      await rejects(() => matcher.remove('tune 0' as never), 'INVALID_ARGUMENT', 'remove of a text')
      await t.holds(matcher, [0], [], 'the matcher after refused removals')
    },
    'what was removed can be added again, under its id or another’s': async (t) => {
      const matcher = await t.holding(0, 1)
      await matcher.remove(['tune 0', 'tune 1'])
      same(matcher.count, 0, 'count of an emptied matcher')
      t.isNone(await matcher.match(t.cut(0)), 'a cut in an emptied matcher')
      await matcher.addMany([2, 0].map((i) => ({ id: `tune ${i}`, sound: t.tune(i) })))
      await t.holds(matcher, [0, 2], [1], 'a matcher that was emptied and filled again')
    },
  },
}
