// Group `zero vector`: a vector without a direction has a defined distance, and never NaN.

import { near, ok } from '../../framework/check.ts'
import type { MetricName } from '../exact-distance.ts'
import type { IndexCase, IndexGroup } from '../index-case.ts'

/** The distance of a zero vector to everything, itself included, where the metric looks at directions. */
const WITHOUT_DIRECTION: Partial<Record<MetricName, number>> = { cosine: 1, angular: 0.5, 'annoy-angular': Math.SQRT2 }

/** Other metrics see nothing special in a zero vector; there it is enough that the distance is a number. */
function check(t: IndexCase, distance: number | undefined, allowance: number, what: string): void {
  const wanted = WITHOUT_DIRECTION[t.metric]
  ok(distance !== undefined && !Number.isNaN(distance), `${what} is a number; it is ${distance}`)
  if (wanted !== undefined) near(distance, wanted, allowance, what)
}

export const zeroVectorGroup: IndexGroup = {
  name: 'zero vector',
  rule: 'cosine distance 1 (angular ½) to everything, itself included; no NaN',
  cases: {
    'as a stored vector': async (t) => {
      const items = t.items(t.rows - 1)
      const zero = t.itemsOf({ zero: [0] })
      const index = await t.make()
      await index.build([items, zero])
      const queries = t.vectors(3)
      for (const [i, answer] of (await t.answers(index, queries)).entries()) {
        check(t, answer.get('zero'), t.allowance(queries, i, zero.vectors, 0), 'distance of a vector to the zero vector')
      }
    },
    'as a query': async (t) => {
      const items = t.items(t.rows - 1)
      const zero = t.itemsOf({ zero: [0] })
      const index = await t.make()
      await index.build([items, zero])
      const [answer] = await t.answers(index, t.vector())
      check(t, answer!.get('zero'), t.allowance(t.vector(), 0, zero.vectors, 0), 'distance of the zero vector to itself')
      for (const [row, uid] of items.uids.entries()) {
        check(t, answer!.get(uid), t.allowance(t.vector(), 0, items.vectors, row), `distance of the zero vector to ${uid}`)
      }
    },
  },
}
