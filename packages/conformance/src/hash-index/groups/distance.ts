// Group `distance`: the share of differing bits.

import type { CodeNeighbours } from '@cbir/core'
import { near, ok, same } from '../../framework/check.ts'
import { codeAt, codeDistance } from '../codes.ts'
import { codesOf, type HashIndexGroup } from '../hash-index-case.ts'

/** Every distance of an answer must be that between its code and the query. */
function checkDistances(found: CodeNeighbours, i: number, query: string): void {
  for (const [j, code] of codesOf(found, i).entries()) {
    const got = found.distances[found.offsets[i]! + j]!
    near(got, codeDistance(query, code), 1e-6, `distance of the code ${code} from ${query}`)
    ok(got >= 0 && got <= 1, `a distance lies in [0, 1]; it is ${got}`)
  }
}

export const distanceGroup: HashIndexGroup = {
  name: 'distance',
  rule: 'distance is the number of differing bits divided by the bits of a code, in [0, 1]',
  cases: {
    'of random codes': async (t) => {
      const index = await t.holding(t.codes())
      const queries = t.queries(5)
      const found = await index.nearest(queries, 40)
      for (let i = 0; i < 5; i++) checkDistances(found, i, codeAt(queries, i))
    },
    'of a code from itself is 0, from its opposite 1': async (t) => {
      const [code] = t.codes(1)
      const opposite = Array.from(code!, (bit) => (bit === '0' ? '1' : '0')).join('')
      const index = await t.holding([code!, opposite])
      const found = await index.nearest(t.batch([code!]), 2)
      const distanceOf = (other: string): number | undefined => found.distances[codesOf(found, 0).indexOf(other)]
      same(distanceOf(code!), 0, 'distance of a code from itself')
      same(distanceOf(opposite), 1, 'distance of a code from its opposite')
    },
    'every bit counts': async (t) => {
      const zero = '0'.repeat(t.bits)
      const ones = Array.from({ length: t.bits }, (_, j) => `${'0'.repeat(j)}1${'0'.repeat(t.bits - j - 1)}`)
      const index = await t.holding(ones)
      const found = await index.nearest(t.batch([zero]), t.bits)
      same(found.distances.length, t.bits, 'codes found')
      for (const distance of found.distances) near(distance, 1 / t.bits, 1e-6, 'distance of a code with one bit set')
    },
    'hits are the readable view of the same answer': async (t) => {
      const index = await t.holding(t.codes())
      const queries = t.queries(2)
      const found = await index.nearest(queries, 7)
      for (let i = 0; i < 2; i++) {
        const hits = found.hits(i)
        same(hits.length, 7, 'hits')
        for (const [j, { bits, distance }] of hits.entries()) {
          same(bits.map(Number).join(''), codesOf(found, i)[j], 'bits of a hit')
          near(distance, found.distances[found.offsets[i]! + j]!, 0, 'distance of a hit')
        }
      }
    },
  },
}
