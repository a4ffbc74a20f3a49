// SMQTK's golden data for its LSH index and its distances.

import { readFile } from 'node:fs/promises'
import { bitBatch, distance, type LshFunctor, vectorBatchOf } from '@cbir/core'
import { defineLshFunctor } from '@cbir/core/define'
import { lshIndex } from '@cbir/lsh'
import type { Row } from '../row.ts'
import { testData } from '../test-data.ts'

interface Answer {
  readonly uids: readonly number[]
  readonly dists: readonly number[]
  readonly hash_cut_ambiguous?: boolean
}

type Answers = { readonly queries: readonly Readonly<Record<string, Answer>>[] }

interface Golden {
  readonly X: number[][]
  readonly queries: number[][]
  readonly H_histograms: number[][]
  readonly distances: Readonly<Record<string, number[]>>
  readonly itq_16: { readonly mean_vec: number[]; readonly rotation: number[][] }
  readonly lsh_itq16_linear_euclidean: Answers
  readonly lsh_itq16_linear_cosine: Answers
}

/** SMQTK's ITQ model: the sign of (x − mean) · column. */
function givenFunctor(mean: readonly number[], matrix: readonly (readonly number[])[]): LshFunctor {
  const bits = matrix[0]!.length
  return defineLshFunctor('given-functor', {
    bits,
    model: true,
    hash(_model, { data, count, dimensions }) {
      const codes = bitBatch(count, bits)
      for (let i = 0; i < count * bits; i++) {
        const row = Math.floor(i / bits)
        const bit = i % bits
        const sum = mean.reduce((total, x, j) => total + (data[row * dimensions + j]! - x) * matrix[j]![bit]!, 0)
        if (sum >= 0) codes.data[row * codes.stride + (bit >> 3)]! |= 1 << (bit & 7)
      }
      return codes
    },
  })
}

export async function measure(): Promise<Row[]> {
  const golden = JSON.parse(await readFile(testData('golden', 'smqtk', 'golden.json'), 'utf8')) as Golden
  const rows: Row[] = []
  const tally = (id: string, right: number, total: number, how: string): void =>
    void rows.push({ id, value: right, unit: `of ${total}`, target: `${total}`, ok: right === total && total > 0, how })
  for (const [name, metric, factor] of [
    ['lsh_itq16_linear_euclidean', 'euclidean', 1],
    ['lsh_itq16_linear_cosine', 'angular', 2],
  ] as const) {
    const index = await lshIndex({ functor: givenFunctor(golden.itq_16.mean_vec, golden.itq_16.rotation), metric })
    await index.build([{ uids: golden.X.map((_, i) => String(i)), vectors: vectorBatchOf(golden.X) }])
    let right = 0
    let total = 0
    for (const [i, answers] of golden[name].queries.entries()) {
      for (const [asked, { uids, dists, hash_cut_ambiguous }] of Object.entries(answers)) {
        if (hash_cut_ambiguous) continue
        const exact = asked.startsWith('exact_n')
        const n = Number(asked.replace(/^(exact_)?n/, ''))
        const tuning = exact ? { candidates: golden.X.length } : { probes: n, candidates: golden.X.length }
        const found = await index.nearest(vectorBatchOf([golden.queries[i]!]), n, { tuning })
        const same = found.uids.join() === uids.join() && dists.every((d, j) => Math.abs(factor * found.distances[j]! - d) < 1e-5 * d)
        total++
        if (same) right++
      }
    }
    await index.dispose()
    tally(`lsh.golden.${name}`, right, total, 'uids and distances of the queries whose cut among codes is not ambiguous; the model is the given one')
  }
  const [query] = golden.queries
  const pairs: readonly (readonly [name: string, ours: readonly number[]])[] = [
    ['euclidean', golden.X.slice(0, 10).map((row) => distance('euclidean', query!, row))],
    ['cosine_similarity', golden.X.slice(0, 10).map((row) => 1 - distance('cosine', query!, row))],
    ['cosine_distance_pos', golden.X.slice(0, 10).map((row) => 2 * distance('angular', query!, row))],
    ['cosine_distance_nopos', golden.X.slice(0, 10).map((row) => distance('angular', query!, row))],
    ['hik', golden.H_histograms.slice(0, 10).map((row) => distance('histogram-intersection', golden.H_histograms[0]!, row))],
    ['hik_fast', golden.H_histograms.slice(0, 10).map((row) => distance('histogram-intersection', golden.H_histograms[0]!, row))],
  ]
  let right = 0
  let total = 0
  for (const [name, ours] of pairs) {
    for (const [i, wanted] of golden.distances[name]!.entries()) {
      total++
      if (Math.abs(ours[i]! - wanted) < 1e-9) right++
    }
  }
  tally('lsh.golden.distances', right, total, "SMQTK's cosine distance is our angular one, times 2 where it takes vectors for positive")
  return rows
}
