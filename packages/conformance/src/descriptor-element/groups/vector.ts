// Group `vector`: what is set comes out.

import { ok, same } from '../../framework/check.ts'
import type { DescriptorElementGroup } from '../descriptor-element-case.ts'

export const vectorGroup: DescriptorElementGroup = {
  name: 'vector',
  rule: 'vector gives the numbers that were set last, bit for bit, as a Float32Array',
  cases: {
    'what is set comes out': async (t) => {
      for (const dimensions of [1, 2, 16, 1000]) {
        const vector = t.vector(dimensions)
        const element = await t.holding(vector)
        ok((await element.vector()) instanceof Float32Array, 'a vector is a Float32Array')
        await t.holds(element, vector, `an element of ${dimensions} dimensions`)
      }
    },
    'extreme numbers': async (t) => {
      const vector = Float32Array.of(0, -0, 1e-45, -3.4028234663852886e38, 3.4028234663852886e38, Math.fround(0.1))
      await t.holds(await t.holding(vector), vector, 'an element')
    },
    'a vector is replaced': async (t) => {
      const element = await t.holding(t.vector())
      const next = t.vector()
      await element.setVector(next)
      await t.holds(element, next, 'an element whose vector was replaced')
    },
    'a part of a larger array': async (t) => {
      const all = t.vector(100)
      const element = await t.make()
      await element.setVector(all.subarray(10, 26))
      await t.holds(element, all.slice(10, 26), 'an element')
    },
    'many elements at once': async (t) => {
      const elements = await Promise.all(Array.from({ length: 20 }, () => t.make()))
      const vectors = elements.map(() => t.vector())
      await Promise.all(elements.map((element, i) => element.setVector(vectors[i]!)))
      const got = await Promise.all(elements.map((element) => element.vector()))
      same(got.map((vector) => [...vector].join()).join(';'), vectors.map((vector) => [...vector].join()).join(';'), 'vectors')
    },
  },
}
