// SMQTK's LSH index over its own ITQ model: the n nearest codes, and among the vectors that have them the n nearest. And its distances.

import { readFileSync } from 'node:fs'
import { distance, vectorBatchOf } from '@cbir/core'
import { lshIndex } from '@cbir/lsh'
import { describe, expect, it } from 'vitest'
import { hasTestData, testData } from '../../../../tooling/test-data.ts'
import { givenFunctor } from './support/given-functor.ts'
import { itemsOf } from './support/vectors.ts'

interface Answer {
  readonly uids: readonly number[]
  readonly dists: readonly number[]
  readonly hash_cut_ambiguous: boolean
}

interface Golden {
  readonly X: number[][]
  readonly queries: number[][]
  readonly H_histograms: number[][]
  readonly distances: Readonly<Record<string, number[]>>
  readonly itq_16: { readonly mean_vec: number[]; readonly rotation: number[][] }
  readonly lsh_itq16_linear_euclidean: { readonly count: number; readonly queries: readonly Readonly<Record<string, Answer>>[] }
  readonly lsh_itq16_linear_cosine: { readonly count: number; readonly queries: readonly Readonly<Record<string, Answer>>[] }
}

describe.skipIf(!hasTestData)('golden data of SMQTK', () => {
  const golden = hasTestData ? (JSON.parse(readFileSync(testData('golden', 'smqtk', 'golden.json'), 'utf8')) as Golden) : ({} as Golden)

  // SMQTK's cosine distance is twice the angle's share of a half turn.
  for (const [name, metric, factor] of [
    ['lsh_itq16_linear_euclidean', 'euclidean', 1],
    ['lsh_itq16_linear_cosine', 'angular', 2],
  ] as const) {
    for (const implementation of ['auto', 'typescript'] as const) {
      it(`${name}, ${implementation}`, async () => {
        const { mean_vec, rotation } = golden.itq_16
        const index = await lshIndex({ functor: givenFunctor(mean_vec, rotation), metric, implementation })
        expect(await index.build([itemsOf(vectorBatchOf(golden.X), '')])).toBe(golden[name].count)
        let compared = 0
        for (const [i, answers] of golden[name].queries.entries()) {
          for (const [asked, { uids, dists, hash_cut_ambiguous }] of Object.entries(answers)) {
            if (!/^n\d+$/.test(asked) || hash_cut_ambiguous) continue
            const n = Number(asked.slice(1))
            const found = await index.nearest(vectorBatchOf([golden.queries[i]!]), n, { tuning: { probes: n, candidates: 200 } })
            expect(found.uids).toEqual(uids.map(String))
            for (const [j, d] of dists.entries()) expect(factor * found.distances[j]!).toBeCloseTo(d, 5)
            compared++
          }
        }
        expect(compared).toBeGreaterThan(5)
        for (const [i, { exact_n10 }] of golden[name].queries.entries()) {
          const found = await index.nearest(vectorBatchOf([golden.queries[i]!]), 10, { tuning: { candidates: 200 } })
          expect(found.uids).toEqual(exact_n10!.uids.map(String))
        }
        await index.dispose()
      })
    }
  }

  it('distances', () => {
    const [query] = golden.queries
    const of = (metric: 'euclidean' | 'cosine' | 'angular'): number[] => golden.X.slice(0, 10).map((row) => distance(metric, query!, row))
    const same = (ours: readonly number[], theirs: readonly number[]): void => ours.forEach((d, i) => void expect(d).toBeCloseTo(theirs[i]!, 10))
    const { euclidean, cosine_similarity, cosine_distance_pos, cosine_distance_nopos, hik, hik_fast } = golden.distances
    same(of('euclidean'), euclidean!)
    same(
      of('cosine').map((d) => 1 - d),
      cosine_similarity!,
    )
    same(
      of('angular').map((d) => 2 * d),
      cosine_distance_pos!,
    )
    same(of('angular'), cosine_distance_nopos!)
    const histograms = golden.H_histograms.slice(0, 10).map((row) => distance('histogram-intersection', golden.H_histograms[0]!, row))
    same(histograms, hik!)
    same(histograms, hik_fast!)
  })
})
