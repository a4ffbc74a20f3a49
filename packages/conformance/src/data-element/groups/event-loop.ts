// Group `event loop`: long calls give turns.

import { givesTurns } from '../../framework/gives-turns.ts'
import type { DataElementGroup } from '../data-element-case.ts'

const MANY = 1 << 25

export const eventLoopGroup: DataElementGroup = {
  name: 'event loop',
  rule: 'no slice above 10 ms; here: none above 100 ms of processor time, so that a garbage collection does not fail the test',
  cases: {
    '32 MiB are hashed in turns': async (t) => {
      const bytes = new Uint8Array(MANY)
      for (let i = 0; i < MANY; i += 4096) bytes[i] = t.random.integer(256)
      const element = await t.holding(bytes)
      for (const algorithm of ['md5', 'sha1'] as const) await givesTurns(algorithm, () => element.digest(algorithm))
    },
  },
}
