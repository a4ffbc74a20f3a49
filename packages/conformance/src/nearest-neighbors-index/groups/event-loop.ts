// Group `event loop`: long calls give turns. Measured in processor time between turns, which other programs do not lengthen.

import { givesTurns } from '../../framework/gives-turns.ts'
import type { IndexGroup } from '../index-case.ts'

const MANY = 20_000

export const eventLoopGroup: IndexGroup = {
  name: 'event loop',
  rule: 'no slice above 10 ms; here: none above 100 ms of processor time, so that a garbage collection does not fail the test',
  cases: {
    [`a build of ${MANY} rows, a batch of queries and a filter give turns`]: async (t) => {
      const index = await t.make()
      const items = t.items(MANY)
      const queries = t.vectors(16)
      await givesTurns('build', () => index.build([items]))
      await givesTurns('nearest', () => index.nearest(queries, 10))
      await givesTurns('compileFilter', () => index.compileFilter((uid) => uid.length % 2 === 0))
    },
  },
}
