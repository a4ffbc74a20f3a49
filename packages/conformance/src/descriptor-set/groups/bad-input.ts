// Group `bad input`: refused, and nothing changes.

import type { DescriptorItems, ErrorCode } from '@cbir/core'
import { badBatches } from '../../framework/bad-batches.ts'
import { rejects } from '../../framework/check.ts'
import type { DescriptorSetGroup } from '../set-case.ts'

export const badInputGroup: DescriptorSetGroup = {
  name: 'bad input',
  rule: 'NOT_FINITE, INVALID_ARGUMENT, before anything is stored; the set unchanged',
  cases: {
    'vectors that are no vectors': async (t) => {
      const items = t.items(3)
      const set = await t.holding([items])
      for (const [what, code, vectors] of badBatches(t)) {
        if (code === 'DIMENSION_MISMATCH') continue // a set may hold vectors of several lengths
        await rejects(() => set.addMany([{ uids: ['x', 'y'], vectors }]), code, `addMany with ${what}`)
      }
      await t.holds(set, [items], 'the set')
    },
    'uids that are no uids': async (t) => {
      const items = t.items(3)
      const set = await t.holding([items])
      const vectors = t.vectors(2)
      const bad: [string, ErrorCode, DescriptorItems][] = [
        ['a uid too few', 'INVALID_ARGUMENT', { uids: ['x'], vectors }],
        ['an empty uid', 'INVALID_ARGUMENT', { uids: ['x', ''], vectors }],
        ['a number as uid', 'INVALID_ARGUMENT', { uids: ['x', 7 as unknown as string], vectors }],
      ]
      for (const [what, code, batch] of bad) await rejects(() => set.addMany([batch]), code, `addMany with ${what}`)
      for (const uids of [undefined, 'item 0/é✓', [7], ['']] as unknown as string[][]) {
        await rejects(() => set.hasMany(uids), 'INVALID_ARGUMENT', 'hasMany with what is no list of uids')
        await rejects(() => set.removeMany(uids), 'INVALID_ARGUMENT', 'removeMany with what is no list of uids')
      }
      await t.holds(set, [items], 'the set')
    },
    'what is no source': async (t) => {
      const set = await t.make()
      for (const source of [undefined, null, 7, t.items(2)])
        await rejects(() => set.addMany(source as never), 'INVALID_ARGUMENT', 'addMany of what is no source')
    },
  },
}
