// Group `concurrency`: many questions at once are each answered.

import { rejects, same } from '../../framework/check.ts'
import { watched } from '../../framework/held-back.ts'
import { type DataElementGroup, sameBytes } from '../data-element-case.ts'

export const concurrencyGroup: DataElementGroup = {
  name: 'concurrency',
  rule: 'any number of questions at once; a caller that gives up does not fail the others',
  cases: {
    'many questions at once': async (t) => {
      const bytes = t.bytes(100_000)
      const element = await t.holding(bytes)
      const uuid = await (await t.holding(bytes)).uuid()
      const answers = await Promise.all(Array.from({ length: 20 }, () => Promise.all([element.uuid(), element.bytes()])))
      for (const [one, all] of answers) {
        same(one, uuid, 'uuid')
        sameBytes(all, bytes, 'bytes')
      }
    },
    'one caller gives up': async (t) => {
      const bytes = t.bytes(600_000)
      const element = await t.holding(bytes)
      const control = new AbortController()
      const given = watched(element.uuid({ signal: control.signal }))
      const kept = watched(element.uuid())
      control.abort()
      await rejects(() => given, 'ABORTED', 'uuid that was given up')
      same(await kept, await (await t.holding(bytes)).uuid(), 'uuid of the caller that waited')
    },
  },
}
