// SMQTK's LSH index over its own ITQ model: the n nearest codes, and among the vectors that have them the n nearest. And its distances.

import { distance, type Metric, vectorBatchOf } from '@cbir/core'
import { lshIndex } from '@cbir/lsh'
import { describe, expect, it } from 'vitest'
import { hasTestData } from '../../../../tooling/test-data.ts'
import { near, readGolden, tally } from '../support/golden.ts'
import { givenFunctor } from './support/given-functor.ts'
import { itemsOf } from './support/vectors.ts'

interface Answer {
  readonly uids: readonly number[]
  readonly dists: readonly number[]
  readonly hash_cut_ambiguous?: boolean
}

interface Answers {
  readonly count: number
  readonly queries: readonly Readonly<Record<string, Answer>>[]
}

interface Golden {
  readonly X: number[][]
  readonly queries: number[][]
  readonly H_histograms: number[][]
  readonly distances: Readonly<Record<string, number[]>>
  readonly itq_16: { readonly mean_vec: number[]; readonly rotation: number[][] }
  readonly lsh_itq16_linear_euclidean: Answers
  readonly lsh_itq16_linear_cosine: Answers
}

describe.skipIf(!hasTestData)('golden data of SMQTK', () => {
  const golden = readGolden<Golden>()

  // SMQTK's cosine distance is twice the angle's share of a half turn.
  for (const [name, metric, factor] of [
    ['lsh_itq16_linear_euclidean', 'euclidean', 1],
    ['lsh_itq16_linear_cosine', 'angular', 2],
  ] as const) {
    for (const implementation of ['auto', 'typescript'] as const) {
      it(`${name}, ${implementation}`, async ({ task }) => {
        const { mean_vec, rotation } = golden.itq_16
        const candidates = golden.X.length
        const index = await lshIndex({ functor: givenFunctor(mean_vec, rotation), metric, implementation })
        expect(await index.build([itemsOf(vectorBatchOf(golden.X), '')])).toBe(golden[name].count)
        const results: boolean[] = []
        for (const [i, answers] of golden[name].queries.entries()) {
          for (const [asked, { uids, dists, hash_cut_ambiguous }] of Object.entries(answers)) {
            const [, exact, digits] = /^(exact_)?n(\d+)$/.exec(asked) ?? []
            if (digits === undefined || hash_cut_ambiguous) continue
            const n = Number(digits)
            const tuning = exact ? { candidates } : { probes: n, candidates }
            const found = await index.nearest(vectorBatchOf([golden.queries[i]!]), n, { tuning })
            results.push(found.uids.join() === uids.join() && dists.every((d, j) => near(factor * found.distances[j]!, d, 5)))
          }
        }
        await index.dispose()
        tally(task, name, results, 'uids and distances of the queries whose cut among codes is not ambiguous; the model is the given one')
        expect(results.length).toBeGreaterThan(10)
      })
    }
  }

  it('distances', ({ task }) => {
    const ten = (metric: Metric, rows: readonly number[][], query: readonly number[]): number[] =>
      rows.slice(0, 10).map((row) => distance(metric, query, row))
    const of = (metric: Metric): number[] => ten(metric, golden.X, golden.queries[0]!)
    const { euclidean, cosine_similarity, cosine_distance_pos, cosine_distance_nopos, hik, hik_fast } = golden.distances
    const histograms = ten('histogram-intersection', golden.H_histograms, golden.H_histograms[0]!)
    const pairs: readonly (readonly [ours: readonly number[], theirs: readonly number[] | undefined])[] = [
      [of('euclidean'), euclidean],
      [of('cosine').map((d) => 1 - d), cosine_similarity],
      [of('angular').map((d) => 2 * d), cosine_distance_pos],
      [of('angular'), cosine_distance_nopos],
      [histograms, hik],
      [histograms, hik_fast],
    ]
    const results = pairs.flatMap(([ours, theirs = []]) => ours.map((d, i) => near(d, theirs[i]!, 10)))
    tally(task, 'distances', results, "SMQTK's cosine distance is our angular one, times 2 where it takes vectors for positive")
  })
})
