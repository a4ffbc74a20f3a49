// Group `codes`: the shape of what hash gives.

import { checkBitBatch } from '@cbir/core'
import { ok, same } from '../../framework/check.ts'
import type { LshFunctorGroup } from '../lsh-functor-case.ts'

export const codesGroup: LshFunctorGroup = {
  name: 'codes',
  rule: 'one code of `bits` bits for each vector: bit j is byte j >> 3, mask 1 << (j & 7), rows padded with zeros to 8 bytes',
  cases: {
    'the batch has the shape that it says': async (t) => {
      const functor = await t.trained()
      ok(Number.isInteger(functor.bits) && functor.bits > 0, 'bits is a positive integer')
      for (const count of [1, 7]) {
        const codes = await functor.hash(t.vectors(count))
        same(codes.count, count, 'count')
        same(codes.bits, functor.bits, 'bits of the codes')
        try {
          checkBitBatch(codes)
        } catch (error) {
          ok(false, `the codes are a BitBatch; ${(error as Error).message}`)
        }
      }
    },
    'dimensions are those of the model, or unknown': async (t) => {
      const functor = await t.trained()
      ok([undefined, t.dimensions].includes(functor.dimensions), `dimensions is ${t.dimensions} or undefined; it is ${functor.dimensions}`)
    },
  },
}
