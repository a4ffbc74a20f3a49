// Group `origin`: vectors of different producers do not get mixed.

import { rejects, same } from '../../framework/check.ts'
import type { IndexGroup } from '../index-case.ts'

export const originGroup: IndexGroup = {
  name: 'origin',
  rule: 'the index stores producer and space; something that shares neither is FINGERPRINT_MISMATCH; an index of bare vectors has neither and checks dimensions only',
  cases: {
    'a build stores the origin, the next build replaces it': async (t) => {
      const index = await t.make()
      await index.build([t.items()], { origin: { producer: 'p1', space: 's' } })
      same(index.origin.producer, 'p1', 'producer')
      same(index.origin.space, 's', 'space')
      await index.build([t.items()])
      same(index.origin.producer, undefined, 'producer of bare vectors')
      same(index.origin.space, undefined, 'space of bare vectors')
    },
    'an update of another origin is refused': async (t) => {
      if (!t.has('update')) return
      const index = await t.make()
      await index.build([t.items()], { origin: { producer: 'p1', space: 's' } })
      const before = await t.snapshot(index)
      const origin = { producer: 'p2', space: 'other' }
      await rejects(() => index.update([t.items(2, 'more')], { origin }), 'FINGERPRINT_MISMATCH', 'update from another producer and space')
      await rejects(() => index.update([t.items(2, 'more')], { origin: { producer: 'p2' } }), 'FINGERPRINT_MISMATCH', 'update from another producer')
      await t.unchanged(index, before, 'refused updates')
    },
    'a query of another origin is refused': async (t) => {
      const index = await t.make()
      await index.build([t.items()], { origin: { producer: 'p1', space: 's' } })
      const query = t.vectors(1)
      await rejects(() => index.nearest(query, 3, { origin: { producer: 'p2' } }), 'FINGERPRINT_MISMATCH', 'nearest from another producer')
      await index.nearest(query, 3, { origin: { producer: 'p2', space: 's' } })
      await index.nearest(query, 3, { origin: { producer: 'p1' } })
      await index.nearest(query, 3)
    },
    'producer or space is enough': async (t) => {
      if (!t.has('update')) return
      const index = await t.make()
      await index.build([t.items()], { origin: { producer: 'p1', space: 's' } })
      await index.update([t.items(1, 'same space')], { origin: { producer: 'p2', space: 's' } })
      await index.update([t.items(1, 'same producer')], { origin: { producer: 'p1' } })
      await index.update([t.items(1, 'bare')])
      same(index.count, t.rows + 3, 'count')
    },
  },
}
