// Group `tuning`: run-time parameters are known by name.

import { rejects, same } from '../../framework/check.ts'
import type { IndexGroup } from '../index-case.ts'

export const tuningGroup: IndexGroup = {
  name: 'tuning',
  rule: 'a name of tuning that the index does not have is INVALID_ARGUMENT',
  cases: {
    'an unknown name is refused': async (t) => {
      const index = await t.filled(t.items())
      await rejects(
        () => index.nearest(t.vectors(1), 3, { tuning: { 'no such parameter': 1 } }),
        'INVALID_ARGUMENT',
        'nearest with an unknown parameter',
      )
    },
    'the known ones are taken, and keep what is not theirs': async (t) => {
      const index = await t.filled(t.items())
      for (const [name, value] of Object.entries(t.options.tuning ?? {})) {
        const found = await index.nearest(t.vectors(2), 3, { tuning: { [name]: value } })
        same(found.uids.length, 6, `neighbours with ${name} = ${value}`)
        await rejects(() => index.nearest(t.vectors(1), 3, { tuning: { [name]: Number.NaN } }), 'INVALID_ARGUMENT', `nearest with ${name} = NaN`)
      }
    },
  },
}
