// Group `bad vectors`: typed errors, and the element as it was.

import { rejects, same } from '../../framework/check.ts'
import type { DescriptorElementGroup } from '../descriptor-element-case.ts'

export const badVectorsGroup: DescriptorElementGroup = {
  name: 'bad vectors',
  rule: 'NaN and ±Infinity are NOT_FINITE, an empty vector and what is no Float32Array INVALID_ARGUMENT; the element keeps what it has',
  cases: {
    'numbers that are not finite': async (t) => {
      const vector = t.vector()
      const element = await t.holding(vector)
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        for (const at of [0, 7, 15]) {
          const wrong = t.vector()
          wrong[at] = bad
          await rejects(() => element.setVector(wrong), 'NOT_FINITE', `setVector with ${bad} at ${at}`)
        }
      }
      await t.holds(element, vector, 'an element after refused vectors')
    },
    'what is no vector': async (t) => {
      const vector = t.vector()
      const element = await t.holding(vector)
      const wrong: unknown[] = [new Float32Array(0), undefined, [1, 2], Float64Array.of(1), Uint8Array.of(1), 'text', 7, new ArrayBuffer(8)]
      for (const bad of wrong) {
        await rejects(() => element.setVector(bad as Float32Array), 'INVALID_ARGUMENT', `setVector of ${Object.prototype.toString.call(bad)}`)
      }
      await t.holds(element, vector, 'an element after refused vectors')
    },
    'a new element stays without one': async (t) => {
      const element = await t.make()
      await rejects(() => element.setVector(Float32Array.of(Number.NaN)), 'NOT_FINITE', 'setVector with NaN')
      same(await element.hasVector(), false, 'hasVector')
    },
  },
}
