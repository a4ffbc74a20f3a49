// Group `add`: a recording is there when the call has ended, once, or not at all.

import type { Recording } from '@cbir/core'
import { names, rejects, same } from '../../framework/check.ts'
import type { RecordingMatcherGroup } from '../recording-matcher-case.ts'

export const addGroup: RecordingMatcherGroup = {
  name: 'add',
  rule: 'add and addMany give the count; an id that is there is DUPLICATE_UID, a recording without anything in it EMPTY; what was added before an error stands',
  cases: {
    'one and several': async (t) => {
      const matcher = await t.make()
      same(matcher.count, 0, 'count of a new matcher')
      same(await matcher.add('tune 0', t.tune(0)), 1, 'what add gives')
      same(await matcher.addMany([1, 2].map((i) => ({ id: `tune ${i}`, sound: t.tune(i) }))), 3, 'what addMany gives')
      await t.holds(matcher, [0, 1, 2], [3], 'the matcher')
    },
    nothing: async (t) => {
      const matcher = await t.holding(0)
      same(await matcher.addMany([]), 1, 'what addMany of nothing gives')
    },
    'an id that is there': async (t) => {
      const matcher = await t.holding(0)
      names(await rejects(() => matcher.add('tune 0', t.tune(1)), 'DUPLICATE_UID', 'add of an id that is there'), 'tune 0', 'the error')
      await t.holds(matcher, [0], [1], 'the matcher after a refused recording')
    },
    'an id twice at once': async (t) => {
      const matcher = await t.make()
      const results = await Promise.allSettled([matcher.add('tune 0', t.tune(0)), matcher.add('tune 0', t.tune(0))])
      same(results.filter(({ status }) => status === 'fulfilled').length, 1, 'additions that succeeded')
      await t.holds(matcher, [0], [], 'the matcher')
    },
    'a recording without anything in it': async (t) => {
      const matcher = await t.holding(0)
      for (const seconds of [0, 5]) {
        const sound = { samples: new Float32Array(seconds * 11_025), sampleRate: 11_025 }
        await rejects(() => matcher.add('silence', sound), 'EMPTY', `add of ${seconds} s of silence`)
      }
      await t.holds(matcher, [0], [], 'the matcher after refused recordings')
    },
    'an error in the middle': async (t) => {
      const matcher = await t.make()
      const recordings: Recording[] = [0, 1, 0, 2].map((i) => ({ id: `tune ${i}`, sound: t.tune(i) }))
      const error = await rejects(() => matcher.addMany(recordings), 'DUPLICATE_UID', 'addMany with an id twice')
      same(error.details['recordingsAdded'], 2, 'details.recordingsAdded')
      await t.holds(matcher, [0, 1], [2], 'the matcher after an error in the middle')
    },
  },
}
