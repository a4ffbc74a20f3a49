// Group `dispose`: no new calls, but those in flight are finished first.

import { answersWithin, ok, rejects, same } from '../../framework/check.ts'
import { heldBack, waitTurns, watched } from '../../framework/held-back.ts'
import type { IndexGroup } from '../index-case.ts'

export const disposeGroup: IndexGroup = {
  name: 'dispose',
  rule: 'refuses new calls (DISPOSED), waits for those in flight; a second call does nothing',
  cases: {
    'new calls are refused': async (t) => {
      const items = t.items()
      const index = await t.filled(items)
      await index.dispose()
      await rejects(() => index.build([items]), 'DISPOSED', 'build after dispose')
      await rejects(() => index.nearest(t.vectors(1), 3), 'DISPOSED', 'nearest after dispose')
      await rejects(() => index.compileFilter(() => true), 'DISPOSED', 'compileFilter after dispose')
      if (t.has('update')) await rejects(() => index.update([t.items(2, 'more')]), 'DISPOSED', 'update after dispose')
      if (t.has('remove')) await rejects(() => index.remove([items.uids[0]!]), 'DISPOSED', 'remove after dispose')
      if (t.has('range')) await rejects(() => index.within(t.vectors(1), 1), 'DISPOSED', 'within after dispose')
      if (t.has('persist')) await rejects(() => index.flush(), 'DISPOSED', 'flush after dispose')
    },
    'a second dispose does nothing': async (t) => {
      const index = await t.filled(t.items())
      await Promise.all([index.dispose(), index.dispose()])
      await index.dispose()
    },
    'a build in flight is finished first': async (t) => {
      const index = await t.make()
      const { source, release } = heldBack(t.items())
      t.defer(release)
      let gone = false
      const built = watched(index.build(source))
      await waitTurns(3)
      const disposed = watched(
        index.dispose().then(() => {
          gone = true
        }),
      )
      const late = rejects(() => index.nearest(t.vectors(1), 1), 'DISPOSED', 'nearest while dispose waits')
      await answersWithin(late, t.patience, 'nearest while dispose waits')
      await waitTurns(10)
      ok(!gone, 'dispose waits for a build in flight')
      release()
      same(await built, t.rows, 'what the build in flight gives')
      await disposed
    },
    'queries in flight are answered': async (t) => {
      const index = await t.filled(t.items())
      const queries = t.vectors(2)
      const flying = Array.from({ length: 20 }, () => watched(index.nearest(queries, 3)))
      const disposed = watched(index.dispose())
      for (const found of await Promise.all(flying)) same(found.hits(1).length, 3, 'neighbours of a query that was in flight')
      await disposed
    },
  },
}
