// Group `dispose`: no new calls, but those in flight are finished first.

import { answersWithin, ok, rejects, same } from '../../framework/check.ts'
import { heldBack, waitTurns, watched } from '../../framework/held-back.ts'
import type { HashIndexGroup } from '../hash-index-case.ts'

export const disposeGroup: HashIndexGroup = {
  name: 'dispose',
  rule: 'refuses new calls (DISPOSED), waits for those in flight; a second call does nothing',
  cases: {
    'new calls are refused': async (t) => {
      const codes = t.codes()
      const index = await t.holding(codes)
      await index.dispose()
      await rejects(() => index.build([t.queries(3)]), 'DISPOSED', 'build after dispose')
      await rejects(() => index.nearest(t.queries(1), 3), 'DISPOSED', 'nearest after dispose')
      await rejects(() => index.rowsOf(t.queries(1)), 'DISPOSED', 'rowsOf after dispose')
      if (t.has('update')) await rejects(() => index.update([t.queries(2)]), 'DISPOSED', 'update after dispose')
      if (t.has('remove')) await rejects(() => index.remove(t.batch(codes.slice(0, 1))), 'DISPOSED', 'remove after dispose')
      if (t.has('persist')) await rejects(() => index.flush(), 'DISPOSED', 'flush after dispose')
    },
    'a second dispose does nothing': async (t) => {
      const index = await t.holding(t.codes())
      await Promise.all([index.dispose(), index.dispose()])
      await index.dispose()
    },
    'a build in flight is finished first': async (t) => {
      const index = await t.make()
      const { source, reached, release } = heldBack(t.queries(3), [t.queries(4)])
      t.defer(release)
      let gone = false
      const built = watched(index.build(source))
      await answersWithin(reached, t.patience, 'a build that reads its source')
      const disposed = index.dispose().then(() => {
        gone = true
      })
      const late = rejects(() => index.rowsOf(t.queries(1)), 'DISPOSED', 'rowsOf while dispose waits')
      await answersWithin(late, t.patience, 'rowsOf while dispose waits')
      await waitTurns(10)
      ok(!gone, 'dispose waits for a build in flight')
      release()
      same(await built, 7, 'what the build in flight gives')
      await disposed
    },
    'queries in flight are answered': async (t) => {
      const index = await t.holding(t.codes())
      const flying = Array.from({ length: 20 }, () => index.nearest(t.queries(2), 3))
      const disposed = watched(index.dispose())
      for (const found of await Promise.all(flying)) same(found.hits(1).length, 3, 'codes for a query that was in flight')
      await disposed
    },
  },
}
