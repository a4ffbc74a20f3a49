// Group `concurrency`: many calls at once give what one after another gives.

import { answersWithin, same } from '../../framework/check.ts'
import { heldBack, watched } from '../../framework/held-back.ts'
import type { RecordingMatcherGroup } from '../recording-matcher-case.ts'
import { TUNE_RATE, tune } from '../tunes.ts'

export const concurrencyGroup: RecordingMatcherGroup = {
  name: 'concurrency',
  rule: 'any number of calls at once; while a sound is read the matcher goes on answering, and taking others',
  cases: {
    'many matches at once': async (t) => {
      const matcher = await t.holding(0, 1)
      const found = await Promise.all([0, 1, 0, 1].map((i, at) => matcher.match(t.cut(i, at))))
      for (const [at, one] of found.entries()) t.is(one, at % 2, at, 'one of many matches')
    },
    'additions at once are all there': async (t) => {
      const matcher = await t.holding(0)
      await Promise.all([1, 2, 3].map((i) => matcher.add(`tune ${i}`, t.tune(i))))
      await t.holds(matcher, [0, 1, 2, 3], [4], 'a matcher after additions at once')
    },
    'the matcher answers, and takes others, while a recording is read': async (t) => {
      const matcher = await t.holding(0)
      const { source, reached, release } = heldBack(tune(1).subarray(0, 40_000), [tune(1).subarray(40_000)])
      t.defer(release)
      const added = watched(matcher.add('tune 1', { samples: source, sampleRate: TUNE_RATE }))
      await answersWithin(reached, t.patience, 'an addition that reads its sound')
      t.is(await answersWithin(matcher.match(t.cut(0)), t.patience, 'match while a recording is read'), 0, 2, 'a match while a recording is read')
      await answersWithin(matcher.add('tune 2', t.tune(2)), t.patience, 'add while another recording is read')
      t.isNone(await matcher.match(t.cut(1)), 'a cut of a recording that is half read')
      release()
      same(await added, 3, 'what add gives')
      await t.holds(matcher, [0, 1, 2], [], 'the matcher')
    },
    'of two removals of an id one succeeds': async (t) => {
      if (!t.has('remove')) return
      const matcher = await t.holding(0, 1)
      const results = await Promise.allSettled([matcher.remove(['tune 0']), matcher.remove(['tune 0'])])
      same(results.filter(({ status }) => status === 'fulfilled').length, 1, 'removals that succeeded')
      await t.holds(matcher, [1], [0], 'the matcher')
    },
  },
}
