// Group `remove`: all of the given codes go, or none.

import { rejects, same, sameData } from '../../framework/check.ts'
import { withCapability } from '../../framework/filled-case.ts'
import { codesOf, type HashIndexGroup } from '../hash-index-case.ts'

export const removeGroup: HashIndexGroup = {
  name: 'remove',
  rule: 'a removed code is never found again; a code that is not there is UNKNOWN_UID, one given twice DUPLICATE_UID, and nothing is removed',
  applies: withCapability('remove'),
  cases: {
    'removed codes are gone': async (t) => {
      const codes = t.codes()
      const index = await t.holding(codes)
      same(await index.remove(t.batch([codes[0]!, codes[20]!, codes[39]!])), 37, 'what remove gives')
      await t.holds(
        index,
        codes.filter((_, i) => i !== 0 && i !== 20 && i !== 39),
        'an index with 3 codes removed',
      )
      const found = await index.nearest(t.batch([codes[20]!]), 37)
      same(codesOf(found, 0).includes(codes[20]!), false, 'a removed code is found')
    },
    'an unknown code is an error that says where, and nothing is removed': async (t) => {
      const codes = t.codes()
      const index = await t.holding(codes)
      const batch = t.batch([codes[1]!, ...t.codes(2), codes[2]!])
      const error = await rejects(() => index.remove(batch), 'UNKNOWN_UID', 'remove with unknown codes')
      sameData(error.details['positions'], [1, 2], 'details.positions')
      await t.holds(index, codes, 'the index after a refused removal')
    },
    'a code twice is an error, and nothing is removed': async (t) => {
      const codes = t.codes()
      const index = await t.holding(codes)
      await rejects(() => index.remove(t.batch([codes[1]!, codes[2]!, codes[1]!])), 'DUPLICATE_UID', 'remove of a code twice')
      await t.holds(index, codes, 'the index after a refused removal')
    },
    'what was removed is unknown, and can be added again': async (t) => {
      const codes = t.codes()
      const index = await t.holding(codes)
      const one = t.batch([codes[4]!])
      await index.remove(one)
      await rejects(() => index.remove(one), 'UNKNOWN_UID', 'remove of a code that was removed')
      if (!t.has('update')) return
      await index.update([one])
      await t.holds(index, codes, 'an index with a code removed and added again')
    },
  },
}
