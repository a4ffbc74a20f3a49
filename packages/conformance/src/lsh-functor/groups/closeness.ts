// Group `closeness`: what a locality-sensitive code is for.

import type { BitBatch, VectorBatch } from '@cbir/core'
import { ok } from '../../framework/check.ts'
import { differingBits, type LshFunctorGroup } from '../lsh-functor-case.ts'

const PAIRS = 200

export const closenessGroup: LshFunctorGroup = {
  name: 'closeness',
  rule: 'vectors that are close get codes that differ in few bits',
  cases: {
    'codes of neighbours differ in fewer bits than codes of strangers': async (t) => {
      const functor = await t.trained()
      const [vectors, strangers] = [t.vectors(PAIRS), t.vectors(PAIRS)]
      const moved = { ...vectors, data: vectors.data.map((x, i) => x + 0.02 * (strangers.data[i]! - x)) }
      const codesOf = async (batch: VectorBatch): Promise<BitBatch> => {
        const codes = await functor.hash(batch)
        return { ...codes, data: codes.data.slice() }
      }
      const [own, near, far] = [await codesOf(vectors), await codesOf(moved), await codesOf(strangers)]
      let [nearBits, farBits] = [0, 0]
      for (let i = 0; i < PAIRS; i++) {
        nearBits += differingBits(own, i, near, i)
        farBits += differingBits(own, i, far, i)
      }
      ok(
        nearBits < farBits / 4,
        `${PAIRS} vectors moved by 2 % differ in less than a quarter of the bits that ${PAIRS} strangers do; it is ${nearBits} to ${farBits}`,
      )
    },
  },
}
