// Group `dispose`: no new calls, but those in flight are finished first.

import { answersWithin, ok, rejects, same, throws } from '../../framework/check.ts'
import { heldBack, waitTurns, watched } from '../../framework/held-back.ts'
import { type DataSetGroup, elementsOf } from '../data-set-case.ts'

export const disposeGroup: DataSetGroup = {
  name: 'dispose',
  rule: 'refuses new calls (DISPOSED), waits for those in flight; a second call does nothing',
  cases: {
    'new calls are refused': async (t) => {
      const contents = await t.contents(2)
      const set = await t.holding(contents)
      const { uuid } = contents[0]!
      await set.dispose()
      await rejects(() => set.count(), 'DISPOSED', 'count after dispose')
      await rejects(() => set.hasMany([uuid]), 'DISPOSED', 'hasMany after dispose')
      await rejects(() => set.getMany([uuid]), 'DISPOSED', 'getMany after dispose')
      if (t.writable) await rejects(() => set.addMany([elementsOf(contents)]), 'DISPOSED', 'addMany after dispose')
      for (const list of ['elements', 'uuids'] as const) {
        const read = async (): Promise<void> => {
          for await (const one of set[list]()) void one
        }
        await throws(read, 'DISPOSED', `${list} after dispose`)
      }
    },
    'a second dispose does nothing': async (t) => {
      const set = await t.holding(await t.contents(2))
      await Promise.all([set.dispose(), set.dispose()])
      await set.dispose()
    },
    'a write in flight is finished first': async (t) => {
      if (!t.writable) return
      const contents = await t.contents(4)
      const set = await t.make()
      const { source, reached, release } = heldBack(elementsOf(contents.slice(0, 2)), [elementsOf(contents.slice(2))])
      t.defer(release)
      let gone = false
      const added = watched(set.addMany(source))
      await answersWithin(reached, t.patience, 'addMany that reads its source')
      const disposed = set.dispose().then(() => {
        gone = true
      })
      const late = rejects(() => set.count(), 'DISPOSED', 'count while dispose waits')
      await answersWithin(late, t.patience, 'count while dispose waits')
      await waitTurns(10)
      ok(!gone, 'dispose waits for a write in flight')
      release()
      same(await added, 4, 'what the write in flight gives')
      await disposed
    },
    'reads in flight are answered': async (t) => {
      const contents = await t.contents(2)
      const set = await t.holding(contents)
      const flying = Array.from({ length: 20 }, () => set.getMany([contents[1]!.uuid]))
      const disposed = watched(set.dispose())
      for (const elements of await Promise.all(flying)) same(elements.length, 1, 'elements of a read that was in flight')
      await disposed
    },
  },
}
