// Recall of an approximate index against the exact neighbours.

import type { NearestNeighborsIndex, Neighbours, VectorBatch } from '@cbir/core'
import { flatIndex } from '@cbir/flat-index'
import { items } from './float-rows.ts'

/** The distance of the k-th neighbour of each query. */
export async function exactReach(base: VectorBatch, queries: VectorBatch, k: number): Promise<Float32Array> {
  const index = await flatIndex()
  try {
    await index.build(items(base))
    const { distances } = await index.nearest(queries, k)
    return Float32Array.from({ length: queries.count }, (_, i) => distances[i * k + k - 1]!)
  } finally {
    await index.dispose()
  }
}

/** Share of the `k` nearest among those found: as many as lie no further than the true k-th. */
export function shareFound({ distances, offsets }: Neighbours, reach: Float32Array, k: number): number {
  let hits = 0
  for (let query = 0; query < reach.length; query++) {
    const limit = reach[query]! * (1 + 1e-6)
    for (let i = offsets[query]!; i < offsets[query + 1]!; i++) if (distances[i]! <= limit) hits++
  }
  return hits / (reach.length * k)
}

export async function recallOf(
  index: NearestNeighborsIndex,
  queries: VectorBatch,
  reach: Float32Array,
  k: number,
  tuning: Readonly<Record<string, number>>,
): Promise<number> {
  return shareFound(await index.nearest(queries, k, { tuning }), reach, k)
}
