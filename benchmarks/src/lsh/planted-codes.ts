// Codes of 64 random bits, among them the neighbours of some queries, planted so that the k-th lies at a given distance.

import type { BitBatch } from '@cbir/core'
import { randomWords, uniformCodes } from './hash-codes.ts'

/**
 * `perRadius` queries for each radius, in order. Of the `k` codes planted for a query the last differs in exactly the radius, the others in so many
 * bits or fewer. The radius must have k codes: at least 1 for k up to 65.
 */
export function plantedCodes(
  count: number,
  radii: readonly number[],
  perRadius: number,
  k: number,
): { readonly base: BitBatch; readonly queries: BitBatch } {
  const base = uniformCodes(count, 64, 1)
  const queries = uniformCodes(radii.length * perRadius, 64, 2)
  const random = randomWords(3)
  let row = 0
  radii.forEach((radius, r) => {
    for (let q = r * perRadius; q < (r + 1) * perRadius; q++) {
      const planted = new Set<string>()
      while (planted.size < k) {
        const code = [queries.words[2 * q]!, queries.words[2 * q + 1]!]
        const flips = planted.size === 0 ? radius : random() % (radius + 1)
        const flipped = new Set<number>()
        while (flipped.size < flips) flipped.add(random() % 64)
        for (const bit of flipped) code[bit >> 5]! ^= 1 << (bit & 31)
        if (planted.has(code.join())) continue
        planted.add(code.join())
        // Not one behind the other, as neighbours do not lie.
        row = (row + 7919) % count
        base.words.set(code, 2 * row)
      }
    }
  })
  return { base, queries }
}
