// Pooling: from neighbours of parts to distinct items, each with its best part; asks the index again, wider, until there are k.

import type { CallOptions } from '../component/call-options.ts'
import { throwIfAborted } from '../concurrency/abort.ts'
import { TimeSlice } from '../concurrency/time-slice.ts'
import type { PartPosition } from '../descriptor-generator/descriptor-generator.ts'
import type { Neighbours } from '../nearest-neighbors-index/nearest-neighbors-index.ts'
import type { ItemRecord } from './item-table.ts'
import type { Match } from './retrieval-pipeline.ts'

/** Steps of the merge between two looks at the clock. */
const STEPS = 64

export interface PoolOptions<M> extends Pick<CallOptions, 'signal'> {
  /** Distinct results wanted. */
  readonly k: number
  /** Vectors in the index: asking for more is no use. */
  readonly most: number
  /** How many neighbours to ask for first. */
  readonly first: number
  /** The `count` nearest of each query vector. */
  readonly ask: (count: number) => Promise<Neighbours>
  /** What a uid stands for; undefined for one that was removed meanwhile. */
  readonly resolve: (uid: string) => { readonly item: ItemRecord<M>; readonly part: PartPosition } | undefined
  /** What counts as one result: the id of the item, or the uid of the part. */
  readonly keyOf: (uid: string, item: ItemRecord<M>) => string
}

/** The `k` best distinct results over all query vectors, closest first. Asks for twice as many until `k` are certain or everything was seen. */
export async function poolMatches<M>(options: PoolOptions<M>): Promise<Match<M>[]> {
  const { first, most, ask } = options
  for (let count = Math.min(first, most); ; count = Math.min(count * 2, most)) {
    const neighbours = await ask(count)
    const found = await bestDistinct(neighbours, count < most ? horizonOf(neighbours, count) : Number.POSITIVE_INFINITY, options)
    if (found) return found
  }
}

/** The distance up to which nothing was left out: that of the last neighbour of a query vector that may have more. */
function horizonOf({ offsets, distances }: Neighbours, count: number): number {
  let horizon = Number.POSITIVE_INFINITY
  for (let query = 0; query + 1 < offsets.length; query++) {
    const end = offsets[query + 1]!
    if (end - offsets[query]! >= count) horizon = Math.min(horizon, distances[end - 1]!)
  }
  return horizon
}

/**
 * Merges the neighbours of all query vectors by distance, so that the first time a result is met is its best. Ends at the k-th; undefined where
 * fewer than `k` lie within the horizon, and there may be more beyond it.
 */
async function bestDistinct<M>(neighbours: Neighbours, horizon: number, options: PoolOptions<M>): Promise<Match<M>[] | undefined> {
  const { k, resolve, keyOf, signal } = options
  const { offsets, uids, distances } = neighbours
  const heads = offsets.slice(0, -1)
  const slice = new TimeSlice()
  const met = new Set<string>()
  const found: Match<M>[] = []
  for (let step = 1; ; step++) {
    const query = closestHead(heads, offsets, distances)
    if (query === undefined) return horizon === Number.POSITIVE_INFINITY ? found : undefined
    const at = heads[query]!
    heads[query] = at + 1
    const distance = distances[at]!
    if (distance > horizon) return undefined
    const uid = uids[at]!
    const resolved = resolve(uid)
    if (resolved) {
      const { item, part } = resolved
      const key = keyOf(uid, item)
      if (!met.has(key)) {
        met.add(key)
        found.push({ id: item.id, distance, metadata: item.metadata, part })
        if (found.length === k) return found
      }
    }
    if (step % STEPS === 0 && slice.due()) {
      await slice.pause()
      throwIfAborted(signal)
    }
  }
}

/** The query whose next neighbour is the closest; undefined where all have come to their end. */
function closestHead(heads: Uint32Array, offsets: Uint32Array, distances: Float32Array): number | undefined {
  let best: number | undefined
  let least = Number.POSITIVE_INFINITY
  for (let query = 0; query < heads.length; query++) {
    const at = heads[query]!
    if (at === offsets[query + 1]) continue
    const distance = distances[at]!
    if (best !== undefined && distance >= least) continue
    best = query
    least = distance
  }
  return best
}
