// Group `event loop`: long calls give turns. Measured in processor time between turns, which other programs do not lengthen.

import { givesTurns } from '../../framework/gives-turns.ts'
import type { IndexGroup } from '../index-case.ts'

const MANY = 20_000

export const eventLoopGroup: IndexGroup = {
  name: 'event loop',
  rule: 'no slice above 10 ms; here: none above 100 ms of processor time, so that a garbage collection does not fail the test',
  cases: {
    [`a build of ${MANY} rows gives turns`]: async (t) => {
      const index = await t.create()
      const items = t.items(MANY)
      await givesTurns('build', () => index.build([items]))
    },
    'a batch of queries gives turns': async (t) => {
      const index = await t.filled(t.items(MANY))
      const queries = t.vectors(16)
      await givesTurns('nearest', () => index.nearest(queries, 10))
    },
    'compiling a filter gives turns': async (t) => {
      const index = await t.filled(t.items(MANY))
      await givesTurns('compileFilter', () => index.compileFilter((uid) => uid.length % 2 === 0))
    },
  },
}
