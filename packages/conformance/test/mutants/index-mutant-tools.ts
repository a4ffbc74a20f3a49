// What the wrong indexes are made of: ways to change the answers and the input of a right one.

import type { FullIndex } from '@cbir/conformance'
import { CbirError, type Items, type Neighbours, rowOf, type Source, type VectorBatch } from '@cbir/core'
import { variant } from './run-mutants.ts'

export type Hits = { uid: string; distance: number }[]

/** Neighbours from readable answers. */
export function neighbours(answers: readonly Hits[]): Neighbours {
  const offsets = new Uint32Array(answers.length + 1)
  for (const [i, { length }] of answers.entries()) offsets[i + 1] = offsets[i]! + length
  const rounded = answers.map((hits) => hits.map(({ uid, distance }) => ({ uid, distance: Math.fround(distance) })))
  const flat = rounded.flat()
  return { uids: flat.map(({ uid }) => uid), distances: Float32Array.from(flat, ({ distance }) => distance), offsets, hits: (i) => rounded[i]! }
}

export const hitsOf = (found: Neighbours): Hits[] => Array.from({ length: found.offsets.length - 1 }, (_, i) => found.hits(i))

/** An index whose `nearest` answers otherwise. */
export const answering =
  (change: (hits: Hits, query: Float32Array, k: number) => Hits) =>
  (index: FullIndex): FullIndex =>
    variant(index, {
      nearest: async (queries, k, options) => {
        const data = queries.data.slice()
        const found = await index.nearest(queries, k, options)
        return neighbours(hitsOf(found).map((hits, i) => change(hits, rowOf({ ...queries, data }, i), k)))
      },
    })

/** An index whose distances are others, in the same order. */
export const measuring =
  (change: (distance: number) => number) =>
  (index: FullIndex): FullIndex => {
    const changed = answering((hits) => hits.map(({ uid, distance }) => ({ uid, distance: change(distance) })))(index)
    return variant(changed, {
      within: async (queries, radius, options) => {
        if (!Number.isFinite(radius)) return index.within(queries, radius, options)
        const all = await changed.nearest(queries, Math.max(1, index.count), options)
        return neighbours(hitsOf(all).map((hits) => hits.filter(({ distance }) => distance <= radius)))
      },
    })
  }

const isSource = (value: unknown): value is Source<Items> =>
  typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value)

async function* each(source: Source<Items>, change: (items: Items) => Items): AsyncGenerator<Items> {
  for await (const items of source) yield change(items)
}

/** A source whose batches are changed; what is no source stays as it is. */
export const changed = (source: Source<Items>, change: (items: Items) => Items): Source<Items> => (isSource(source) ? each(source, change) : source)

/** The batches of a source, copied. */
export async function copied(source: Source<Items>): Promise<Items[]> {
  const batches: Items[] = []
  for await (const { uids, vectors } of source) batches.push({ uids: [...uids], vectors: { ...vectors, data: vectors.data.slice() } })
  return batches
}

/** The rows of a batch that pass. */
export function rowsOf({ uids, vectors }: Items, passes: (uid: string) => boolean): Items {
  const kept = uids.flatMap((uid, i) => (passes(uid) ? [i] : []))
  const data = new Float32Array(kept.length * vectors.dimensions)
  for (const [i, row] of kept.entries()) data.set(rowOf(vectors, row), i * vectors.dimensions)
  return { uids: kept.map((row) => uids[row]!), vectors: { data, count: kept.length, dimensions: vectors.dimensions } }
}

const isWhole = ({ data, count, dimensions }: VectorBatch): boolean => data instanceof Float32Array && data.length === count * dimensions

/** A batch with 0 in the place of what is not finite. */
export const healed = (batch: VectorBatch): VectorBatch =>
  isWhole(batch) ? { ...batch, data: Float32Array.from(batch.data, (x) => (Number.isFinite(x) ? x : 0)) } : batch

/** A batch cut or filled up to `dimensions`. */
export function fitted(batch: VectorBatch, dimensions = batch.dimensions): VectorBatch {
  if (!isWhole(batch)) return batch
  const data = new Float32Array(batch.count * dimensions)
  for (let i = 0; i < batch.count; i++) data.set(rowOf(batch, i).subarray(0, dimensions), i * dimensions)
  return { data, count: batch.count, dimensions }
}

/** Every uid of the index. */
export async function uidsOf(index: FullIndex): Promise<readonly string[]> {
  const { count, dimensions = 1 } = index
  return count === 0 ? [] : (await index.nearest({ data: new Float32Array(dimensions), count: 1, dimensions }, count)).uids
}

export const clear = async (index: FullIndex): Promise<unknown> => index.count > 0 && index.remove(await uidsOf(index))

export const codeOf = (error: unknown): string => (CbirError.isInstance(error) ? error.code : '')

/** Keeps the event loop busy for so much processor time. */
export function block(milliseconds: number): void {
  const used = (): number => Object.values(process.cpuUsage()).reduce((a, b) => a + b) / 1000
  const before = used()
  while (used() - before < milliseconds);
}
