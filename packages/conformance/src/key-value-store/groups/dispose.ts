// Group `dispose`: no new calls, but those in flight are finished first.

import { answersWithin, ok, rejects, same, throws } from '../../framework/check.ts'
import { heldBack, waitTurns, watched } from '../../framework/held-back.ts'
import type { KeyValueStoreGroup } from '../store-case.ts'

export const disposeGroup: KeyValueStoreGroup = {
  name: 'dispose',
  rule: 'refuses new calls (DISPOSED), waits for those in flight; a second call does nothing',
  cases: {
    'new calls are refused': async (t) => {
      const entries = t.entries(3)
      const key = entries[0]![0]
      const store = await t.holding(entries)
      await store.dispose()
      await rejects(() => store.count(), 'DISPOSED', 'count after dispose')
      await rejects(() => store.hasMany([key]), 'DISPOSED', 'hasMany after dispose')
      await rejects(() => store.getMany([key]), 'DISPOSED', 'getMany after dispose')
      await rejects(() => store.addMany([t.entries(1)]), 'DISPOSED', 'addMany after dispose')
      await rejects(() => store.removeMany([key]), 'DISPOSED', 'removeMany after dispose')
      await rejects(() => store.clear(), 'DISPOSED', 'clear after dispose')
      const read = async (): Promise<void> => {
        for await (const batch of store.keys()) void batch
      }
      await throws(read, 'DISPOSED', 'keys after dispose')
    },
    'a second dispose does nothing': async (t) => {
      const store = await t.holding(t.entries(3))
      await Promise.all([store.dispose(), store.dispose()])
      await store.dispose()
    },
    'a write in flight is finished first': async (t) => {
      const store = await t.make()
      const { source, reached, release } = heldBack(t.entries(2, 'first'), [t.entries(2, 'second')])
      t.defer(release)
      let gone = false
      const added = watched(store.addMany(source))
      await answersWithin(reached, t.patience, 'addMany that reads its source')
      const disposed = store.dispose().then(() => {
        gone = true
      })
      await answersWithin(
        rejects(() => store.count(), 'DISPOSED', 'count while dispose waits'),
        t.patience,
        'count while dispose waits',
      )
      await waitTurns(10)
      ok(!gone, 'dispose waits for a write in flight')
      release()
      same(await added, 4, 'what the write in flight gives')
      await disposed
    },
    'reads in flight are answered': async (t) => {
      const entries = t.entries(3)
      const store = await t.holding(entries)
      const flying = Array.from({ length: 20 }, () => store.getMany([entries[1]![0]]))
      const disposed = watched(store.dispose())
      for (const values of await Promise.all(flying)) same(values.length, 1, 'values of a read that was in flight')
      await disposed
    },
  },
}
