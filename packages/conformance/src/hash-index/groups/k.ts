// Group `k`: always min(k, codes) neighbours.

import { rejects, same } from '../../framework/check.ts'
import { codesOf, type HashIndexGroup } from '../hash-index-case.ts'

export const kGroup: HashIndexGroup = {
  name: 'k',
  rule: 'k is a positive integer, else INVALID_ARGUMENT; there are always min(k, count) codes for each query',
  cases: {
    'what is no positive integer is refused': async (t) => {
      const index = await t.holding(t.codes())
      for (const k of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '3' as unknown as number]) {
        await rejects(() => index.nearest(t.queries(1), k), 'INVALID_ARGUMENT', `nearest with k = ${String(k)}`)
      }
    },
    'there are min(k, count) codes, each once': async (t) => {
      const index = await t.holding(t.codes())
      for (const k of [1, 7, 39, 40, 41, 1000]) {
        const found = await index.nearest(t.queries(2), k)
        for (const i of [0, 1]) {
          const codes = codesOf(found, i)
          same(codes.length, Math.min(k, 40), `codes for k = ${k}`)
          same(new Set(codes).size, codes.length, `distinct codes for k = ${k}`)
        }
      }
    },
  },
}
