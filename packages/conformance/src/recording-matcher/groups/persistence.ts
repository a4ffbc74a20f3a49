// Group `persistence`: a saved matcher opens again, whole; damaged files are typed errors.

import { same } from '../../framework/check.ts'
import { withCapability } from '../../framework/filled-case.ts'
import { tellsDamage } from '../../framework/tampered-files.ts'
import type { RecordingMatcherGroup } from '../recording-matcher-case.ts'

export const persistenceGroup: RecordingMatcherGroup = {
  name: 'persistence',
  rule:
    'save(directory) holds everything; a matcher over a directory opens what is there, and writes what changed at flush and dispose; a damaged or ' +
    'foreign file is a typed error, never a crash',
  applies: withCapability('persist'),
  cases: {
    'a saved matcher opens with the same answers': async (t) => {
      const matcher = await t.make()
      await matcher.addMany([0, 1, 2].map((i) => ({ id: `tune ${i}`, sound: t.tune(i) })))
      if (t.has('remove')) await matcher.remove(['tune 1'])
      const which = t.has('remove') ? [0, 2] : [0, 1, 2]
      const before = await matcher.match(t.cut(2))
      const directory = await t.directory()
      await matcher.save(directory)
      await t.holds(matcher, which, [3], 'a matcher that was saved')
      const opened = await t.reopen(directory)
      await t.holds(opened, which, [3], 'the opened matcher')
      const after = await opened.match(t.cut(2))
      same(after?.offset, before?.offset, 'offset after opening')
      same(after?.confidence, before?.confidence, 'confidence after opening')
      await opened.add('tune 4', t.tune(4))
      await t.holds(opened, [...which, 4], [3], 'the opened matcher with one more')
    },
    'a second save replaces the first': async (t) => {
      const directory = await t.directory()
      await (await t.holding(0)).save(directory)
      await (await t.holding(1)).save(directory)
      await t.holds(await t.reopen(directory), [1], [0], 'a matcher opened after a second save')
    },
    'an empty one': async (t) => {
      const directory = await t.directory()
      await (await t.make()).save(directory)
      await t.holds(await t.reopen(directory), [], [0], 'an empty matcher that was saved and opened')
    },
    'changes are written at flush and at dispose': async (t) => {
      const directory = await t.directory()
      const matcher = await t.reopen(directory)
      await matcher.add('tune 0', t.tune(0))
      await matcher.flush()
      const second = await t.reopen(directory)
      await t.holds(second, [0], [], 'a matcher opened after a flush')
      await second.dispose()
      await matcher.add('tune 1', t.tune(1))
      if (t.has('remove')) await matcher.remove(['tune 0'])
      await matcher.dispose()
      const left = t.has('remove') ? [1] : [0, 1]
      await t.holds(await t.reopen(directory), left, [2], 'a matcher opened after a dispose')
    },
    'a damaged file is a typed error': async (t) => {
      const directory = await t.directory()
      await (await t.holding(0)).save(directory)
      await tellsDamage(t, directory, async (what) => {
        const matcher = await t.reopen(directory)
        await t.holds(matcher, [0], [], `a matcher opened from ${what}`)
        await matcher.dispose()
      })
    },
  },
}
