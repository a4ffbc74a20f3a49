// Group `dispose`: no new calls, but those in flight are finished first.

import { answersWithin, ok, rejects, same, throws } from '../../framework/check.ts'
import { heldBack, waitTurns } from '../../framework/held-back.ts'
import { allRows, type DescriptorSetGroup } from '../set-case.ts'

export const disposeGroup: DescriptorSetGroup = {
  name: 'dispose',
  rule: 'refuses new calls (DISPOSED), waits for those in flight; a second call does nothing',
  cases: {
    'new calls are refused': async (t) => {
      const items = t.items(3)
      const set = await t.holding([items])
      await set.dispose()
      await rejects(() => set.count(), 'DISPOSED', 'count after dispose')
      await rejects(() => set.hasMany(items.uids), 'DISPOSED', 'hasMany after dispose')
      await rejects(() => set.addMany([t.items(1, 'new')]), 'DISPOSED', 'addMany after dispose')
      await rejects(() => set.getVectors(items.uids, new Float32Array(100)), 'DISPOSED', 'getVectors after dispose')
      await rejects(() => set.removeMany(items.uids), 'DISPOSED', 'removeMany after dispose')
      await rejects(() => set.clear(), 'DISPOSED', 'clear after dispose')
      await throws(() => allRows(set), 'DISPOSED', 'items after dispose')
    },
    'a second dispose does nothing': async (t) => {
      const set = await t.holding([t.items(2)])
      await Promise.all([set.dispose(), set.dispose()])
      await set.dispose()
    },
    'a write in flight is finished first': async (t) => {
      const set = await t.make()
      const { source, reached, release } = heldBack(t.items(3), [t.items(2, 'rest')])
      t.defer(release)
      let gone = false
      const added = set.addMany(source)
      await answersWithin(reached, t.patience, 'addMany that reads its source')
      const disposed = set.dispose().then(() => {
        gone = true
      })
      await answersWithin(
        rejects(() => set.count(), 'DISPOSED', 'count while dispose waits'),
        t.patience,
        'count while dispose waits',
      )
      await waitTurns(10)
      ok(!gone, 'dispose waits for a write in flight')
      release()
      same(await added, 5, 'what the write in flight gives')
      await disposed
    },
  },
}
