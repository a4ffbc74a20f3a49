// Pooling: from neighbours of parts to distinct items, each with its best part; asks the index again, wider, until there are k.

import type { PartPosition } from '../descriptor-generator/descriptor-generator.ts'
import type { Neighbours } from '../nearest-neighbors-index/nearest-neighbors-index.ts'
import type { ItemRecord } from './item-table.ts'

/** A part that was found. */
export interface FoundPart<M> {
  readonly item: ItemRecord<M>
  readonly part: PartPosition
  readonly distance: number
}

export interface PoolOptions<M> {
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

/**
 * The `k` best distinct results over all query vectors, closest first. A result is certain when it is no farther than the last neighbour of every
 * query vector: what was not seen is farther than that. Asks for twice as many until `k` are certain or everything was seen.
 */
export async function poolMatches<M>(options: PoolOptions<M>): Promise<FoundPart<M>[]> {
  const { k, most } = options
  for (let count = Math.min(options.first, most); ; count = Math.min(count * 2, most)) {
    const neighbours = await options.ask(count)
    const { best, horizon } = bestOfEach(neighbours, count, options)
    const ranked = [...best.values()].sort((a, b) => a.distance - b.distance)
    const certain = ranked.filter((found) => found.distance <= horizon).length
    if (certain >= k || horizon === Number.POSITIVE_INFINITY || count >= most) return ranked.slice(0, k)
  }
}

/** The best part of each result, and the distance up to which nothing was left out. */
function bestOfEach<M>(neighbours: Neighbours, count: number, options: PoolOptions<M>): { best: Map<string, FoundPart<M>>; horizon: number } {
  const best = new Map<string, FoundPart<M>>()
  let horizon = Number.POSITIVE_INFINITY
  const { offsets, uids, distances } = neighbours
  for (let query = 0; query + 1 < offsets.length; query++) {
    const from = offsets[query]!
    const to = offsets[query + 1]!
    if (to - from >= count && to > from) horizon = Math.min(horizon, distances[to - 1]!)
    for (let i = from; i < to; i++) {
      const found = options.resolve(uids[i]!)
      if (!found) continue
      const key = options.keyOf(uids[i]!, found.item)
      const before = best.get(key)
      if (!before || distances[i]! < before.distance) best.set(key, { ...found, distance: distances[i]! })
    }
  }
  return { best, horizon }
}
