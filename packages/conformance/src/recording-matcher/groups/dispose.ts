// Group `dispose`: no new calls, but those in flight are finished first.

import { answersWithin, ok, rejects, same } from '../../framework/check.ts'
import { heldBack, waitTurns, watched } from '../../framework/held-back.ts'
import type { RecordingMatcherGroup } from '../recording-matcher-case.ts'
import { TUNE_RATE, tune } from '../tunes.ts'

export const disposeGroup: RecordingMatcherGroup = {
  name: 'dispose',
  rule: 'refuses new calls (DISPOSED), waits for those in flight; a second call does nothing',
  cases: {
    'new calls are refused': async (t) => {
      const matcher = await t.holding(0)
      await Promise.all([matcher.dispose(), matcher.dispose()])
      await matcher.dispose()
      await rejects(() => matcher.add('tune 1', t.tune(1)), 'DISPOSED', 'add after dispose')
      await rejects(() => matcher.addMany([]), 'DISPOSED', 'addMany after dispose')
      await rejects(() => matcher.match(t.cut(0)), 'DISPOSED', 'match after dispose')
      await rejects(() => matcher.matchMany([]), 'DISPOSED', 'matchMany after dispose')
      if (t.has('remove')) await rejects(() => matcher.remove(['tune 0']), 'DISPOSED', 'remove after dispose')
      if (t.has('persist')) await rejects(() => matcher.flush(), 'DISPOSED', 'flush after dispose')
    },
    'a call in flight is finished first': async (t) => {
      const matcher = await t.make()
      const { source, reached, release } = heldBack(tune(0), [tune(1)])
      t.defer(release)
      let gone = false
      const added = watched(matcher.add('tune 0', { samples: source, sampleRate: TUNE_RATE }))
      await answersWithin(reached, t.patience, 'an addition that reads its sound')
      const disposed = matcher.dispose().then(() => {
        gone = true
      })
      await answersWithin(
        rejects(() => matcher.match(t.cut(0)), 'DISPOSED', 'match while dispose waits'),
        t.patience,
        'match while dispose waits',
      )
      await waitTurns(10)
      ok(!gone, 'dispose waits for an addition in flight')
      release()
      same(await added, 1, 'what the addition in flight gives')
      await disposed
    },
    'matches in flight are answered': async (t) => {
      const matcher = await t.holding(0)
      const flying = [0, 1, 2, 3].map((at) => matcher.match(t.cut(0, at)))
      const disposed = watched(matcher.dispose())
      for (const [at, found] of (await Promise.all(flying)).entries()) t.is(found, 0, at, 'a match that was in flight')
      await disposed
    },
  },
}
