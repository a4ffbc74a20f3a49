// Group `event loop`: long calls give turns.

import { givesTurns } from '../../framework/gives-turns.ts'
import { batchesOf, type DescriptorSetGroup } from '../set-case.ts'

const MANY = 20_000

export const eventLoopGroup: DescriptorSetGroup = {
  name: 'event loop',
  rule: 'no slice above 10 ms; here: none above 100 ms of processor time, so that a garbage collection does not fail the test',
  cases: {
    [`${MANY} rows are written and read in turns`]: async (t) => {
      const set = await t.make()
      const items = t.items(MANY)
      const batches = batchesOf(items, 2000)
      await givesTurns('addMany', () => set.addMany(batches))
      await givesTurns('getVectors', () => set.getVectors(items.uids, new Float32Array(MANY * t.dimensions)))
      await givesTurns('hasMany', () => set.hasMany(items.uids))
    },
  },
}
