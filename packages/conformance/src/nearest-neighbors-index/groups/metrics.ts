// Group `metrics`: the formula of each metric, with values worked out by hand.

import { near } from '../../framework/check.ts'
import type { MetricName } from '../exact-distance.ts'
import type { IndexGroup } from '../index-case.ts'

type Pair = readonly [a: readonly number[], b: readonly number[], distance: number]

/** Distances worked out by hand. Vectors are filled up with zeros, which change none of them (`hamming`: shares are of all coordinates). */
const BY_HAND: Readonly<Record<MetricName, readonly Pair[]>> = {
  euclidean: [
    [[1, 2], [4, 6], 5],
    [[0, 3], [0, -3], 6],
    [[1, 1, 1, 1], [2, 2, 2, 2], 2],
  ],
  cosine: [
    [[1, 0], [0, 1], 1],
    [[1, 0], [-3, 0], 2],
    [[1, 0], [5, 0], 0],
    [[3, 4], [4, 3], 0.04],
  ],
  angular: [
    [[1, 0], [0, 2], 0.5],
    [[1, 0], [-3, 0], 1],
    [[1, 0], [1, 1], 0.25],
  ],
  'annoy-angular': [
    [[1, 0], [0, 2], Math.SQRT2],
    [[1, 0], [-3, 0], 2],
    [[3, 4], [4, 3], Math.sqrt(0.08)],
  ],
  'inner-product': [
    [[1, 2], [3, 4], -11],
    [[1, 2], [-3, 1], 1],
    [[1, 0], [0, 1], 0],
  ],
  manhattan: [
    [[1, 2], [4, 6], 7],
    [[0, 3], [0, -3], 6],
  ],
  'histogram-intersection': [
    [[0.5, 0.5], [0.25, 0.75], 0.25],
    [[1, 0], [0, 1], 1],
    [[0.25, 0.75], [0.25, 0.75], 0],
  ],
  hamming: [
    [[1, 2, 0, 1], [1, 0, 0, 2], 2],
    [[1, 1], [1, 1], 0],
  ],
}

export const metricsGroup: IndexGroup = {
  name: 'metrics',
  rule:
    'euclidean √Σ(a−b)² · cosine 1−cos · angular acos(cos)/π · annoy-angular √(2−2cos) · inner-product −⟨a,b⟩ · manhattan Σ|a−b| · ' +
    'histogram-intersection 1−Σmin · hamming share of differing coordinates',
  cases: {
    'distances worked out by hand': async (t) => {
      for (const [a, b, distance] of BY_HAND[t.metric]) {
        // The other rows are there for indexes that need some to train on.
        const others = t.items(t.rows - 1)
        const one = t.itemsOf({ one: b })
        const index = await t.make()
        await index.build([one, others])
        const query = t.vector(...a)
        const wanted = t.metric === 'hamming' ? distance / t.dimensions : distance
        const [answer] = await t.answers(index, query)
        near(answer!.get('one') ?? Number.NaN, wanted, t.allowance(query, 0, one.vectors, 0), `${t.metric} of [${a}] and [${b}]`)
      }
    },
  },
}
