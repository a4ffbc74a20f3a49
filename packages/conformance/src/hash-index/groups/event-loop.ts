// Group `event loop`: long calls give turns.

import { givesTurns } from '../../framework/gives-turns.ts'
import { batchOf } from '../codes.ts'
import type { HashIndexGroup } from '../hash-index-case.ts'

const MANY = 10_000

/** The numbers from 0 on as codes: quickly made, and distinct. */
const counted = (bits: number): string[] => Array.from({ length: MANY }, (_, i) => i.toString(2).padStart(bits, '0'))

export const eventLoopGroup: HashIndexGroup = {
  name: 'event loop',
  rule: 'no slice above 10 ms; here: none above 100 ms of processor time, so that a garbage collection does not fail the test',
  cases: {
    [`${MANY} codes are built, searched and removed in turns`]: async (t) => {
      const index = await t.make()
      const codes = batchOf(counted(t.bits), t.bits)
      const queries = t.queries(4)
      await givesTurns('build', () => index.build([codes]))
      await givesTurns('nearest', () => index.nearest(queries, 10))
      await givesTurns('rowsOf', () => index.rowsOf(codes))
      if (t.has('remove')) await givesTurns('remove', () => index.remove(codes))
    },
  },
}
