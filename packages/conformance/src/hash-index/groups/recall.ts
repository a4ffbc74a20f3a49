// Group `recall`: the closest are found. Compared by distance: of codes at one distance any will do.

import { ok } from '../../framework/check.ts'
import { clusteredCodes, codeDistance } from '../codes.ts'
import { codesOf, type HashIndexGroup } from '../hash-index-case.ts'

const QUERIES = 20
const K = 10

export const recallGroup: HashIndexGroup = {
  name: 'recall',
  rule: 'an exact index gives the answers of a full scan; an approximate one finds at least the share that the suite’s options name',
  cases: {
    'among 2000 clustered codes': async (t) => {
      const all = clusteredCodes(t.random, 2000 + QUERIES, t.bits)
      const codes = all.slice(QUERIES)
      const index = await t.holding(codes)
      const found = await index.nearest(t.batch(all.slice(0, QUERIES)), K)
      let right = 0
      for (const [i, query] of all.slice(0, QUERIES).entries()) {
        const farthest = codes.map((code) => codeDistance(query, code)).sort((a, b) => a - b)[K - 1]!
        right += codesOf(found, i).filter((code) => codeDistance(query, code) <= farthest + 1e-9).length
      }
      const recall = right / (QUERIES * K)
      const wanted = t.has('exact') ? 1 : (t.options.minimumRecall ?? 0.9)
      ok(recall >= wanted, `at least ${wanted} of the ${K} closest codes are found; it found ${recall}`)
    },
  },
}
