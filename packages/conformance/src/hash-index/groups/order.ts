// Group `order`: closest first, ties of an exact index by row.

import { ok, same } from '../../framework/check.ts'
import { codesOf, type HashIndexGroup } from '../hash-index-case.ts'

export const orderGroup: HashIndexGroup = {
  name: 'order',
  rule: 'answers ascend; ties of an exact index come by row; offsets has one entry more than there are queries',
  cases: {
    'distances ascend, ties come by row': async (t) => {
      const index = await t.holding(t.codes())
      const queries = t.queries(5)
      const { rows, distances, offsets } = await index.nearest(queries, 40)
      let ties = 0
      for (let i = 0; i < 5; i++) {
        for (let at = offsets[i]! + 1; at < offsets[i + 1]!; at++) {
          ok(distances[at - 1]! <= distances[at]!, `distances ascend; ${distances[at - 1]} comes before ${distances[at]}`)
          if (distances[at - 1] !== distances[at]) continue
          ties++
          if (t.has('exact')) ok(rows[at - 1]! < rows[at]!, `ties come by row; row ${rows[at - 1]} comes before row ${rows[at]}`)
        }
      }
      ok(ties > 0, 'the random codes of this test have ties')
    },
    'each query has its own answer': async (t) => {
      const codes = t.codes()
      const index = await t.holding(codes)
      const asked = [11, 3, 29].map((i) => codes[i]!)
      const found = await index.nearest(t.batch(asked), 1)
      same([...found.offsets].join(), '0,1,2,3', 'offsets')
      for (const [i, code] of asked.entries()) same(codesOf(found, i)[0], code, `the code closest to query ${i}`)
    },
  },
}
