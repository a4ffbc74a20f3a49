// The reference index: a double-precision loop over all rows. Plain and slow; it is the oracle that every index is held against.
// Its content is never changed in place: a change makes a new Map, so a running query keeps the one that it began with.

import {
  type AttachmentProvider,
  CbirError,
  type IndexCapability,
  type Items,
  type NearestNeighborsIndex,
  type NearestOptions,
  type Neighbours,
  type Persistable,
  type RangeSearchable,
  type Removable,
  type RowFilter,
  rowOf,
  type UidPredicate,
  type Updatable,
  type VectorBatch,
  type VectorOrigin,
} from '@cbir/core'
import { TimeSlice } from '@cbir/core/define'
import { checkSignal, pulled, raise, trackCalls } from '../framework/reference-tools.ts'
import { exactDistance, type MetricName } from './exact-distance.ts'
import { type ReferenceContent, readReferenceFile, writeReferenceFile } from './reference-file.ts'

/** Everything that an index can do. */
export type FullIndex = NearestNeighborsIndex & Updatable & Removable & RangeSearchable & Persistable

/** Makes a reference index. With `directory` it keeps itself there, and must be opened with {@link openReferenceNearestNeighborsIndex}. */
export function referenceNearestNeighborsIndex(
  { metric, directory }: { metric: MetricName; directory?: string | undefined },
  stored?: ReferenceContent,
): FullIndex {
  let content: ReferenceContent = stored ?? { vectors: new Map(), dimensions: undefined, origin: {} }
  let unsaved = false
  const calls = trackCalls()
  const filters = new WeakSet<RowFilter>()
  const attachments = new Map<string, AttachmentProvider>()

  /** The nearest `k` of the rows within `radius`. */
  async function search(queries: VectorBatch, options: NearestOptions, k: number, radius: number): Promise<Neighbours> {
    const { vectors, dimensions } = content
    if (vectors.size === 0) raise('EMPTY_INDEX', 'the index has no rows')
    for (const name of Object.keys(options.tuning ?? {})) raise('INVALID_ARGUMENT', `the reference has no tuning parameter ${name}`)
    checkVectors(queries, dimensions)
    checkOrigin(content.origin, options.origin ?? {})
    const own = { ...queries, data: queries.data.slice() }
    const passes = predicateOf(options.filter)
    const slice = new TimeSlice()
    const answers: Found[][] = []
    for (let i = 0; i < own.count; i++) {
      const query = rowOf(own, i)
      const found: Found[] = []
      for (const [uid, vector] of vectors) {
        if (slice.due()) {
          await slice.pause()
          checkSignal(options.signal)
        }
        if (!passes(uid)) continue
        const distance = exactDistance(metric, query, vector)
        if (Math.fround(distance) <= radius) found.push({ uid, distance })
      }
      answers.push(nearestOf(found, k))
    }
    const offsets = new Uint32Array(answers.length + 1)
    for (const [i, { length }] of answers.entries()) offsets[i + 1] = offsets[i]! + length
    const flat = answers.flat()
    return {
      uids: flat.map(({ uid }) => uid),
      distances: Float32Array.from(flat, ({ distance }) => distance),
      offsets,
      hits: (i) => answers[i]!.map(({ uid, distance }) => ({ uid, distance: Math.fround(distance) })),
    }
  }

  function predicateOf(filter: NearestOptions['filter']): UidPredicate {
    if (filter === undefined) return () => true
    if (typeof filter !== 'function' && !filters.has(filter)) raise('INVALID_ARGUMENT', 'the filter was not compiled by this index')
    const predicate = typeof filter === 'function' ? filter : filter.predicate
    return (uid) => {
      let answer: unknown
      try {
        answer = predicate(uid)
      } catch (cause) {
        throw new CbirError('INVALID_ARGUMENT', 'the filter threw', { cause })
      }
      return typeof answer === 'boolean' ? answer : raise('INVALID_ARGUMENT', 'a filter must return true or false')
    }
  }

  async function write(to: string | undefined): Promise<void> {
    if (to !== undefined) await writeReferenceFile(to, metric, content, attachments)
    if (to === directory) unsaved = false
  }

  return {
    kind: 'nearest-neighbors-index',
    name: 'reference-index',
    apiVersion: 1,
    capabilities: new Set<IndexCapability>(['update', 'remove', 'range', 'persist', 'exact']),
    toConfig: () => ({ type: 'reference-index', package: '@cbir/conformance', config: { metric } }),
    get count() {
      return content.vectors.size
    },
    get dimensions() {
      return content.dimensions
    },
    get origin() {
      return content.origin
    },
    build: (source, { signal, origin = {}, onProgress } = {}) =>
      calls.run(signal, async () => {
        const vectors = new Map<string, Float32Array>()
        const seen = new Set<string>()
        const slice = new TimeSlice()
        let dimensions: number | undefined
        for await (const items of pulled(source, (batch) => batch, signal)) {
          for (const part of partsOf(items)) {
            checkSignal(signal)
            dimensions = addTo(vectors, dimensions, part, seen)
            if (slice.due()) await slice.pause()
          }
          onProgress?.({ done: vectors.size })
        }
        checkSignal(signal)
        if (vectors.size === 0) raise('EMPTY_BUILD', 'there is nothing to build from')
        content = { vectors, dimensions, origin }
        await write(directory)
        return vectors.size
      }),
    update: (source, { signal, origin = {}, onProgress } = {}) =>
      calls.run(signal, async () => {
        let batchesApplied = 0
        const seen = new Set<string>()
        try {
          for await (const items of pulled(source, (batch) => batch, signal)) {
            checkOrigin(content.origin, origin)
            // Without a wait between reading and replacing the content, so that no other change is lost.
            const vectors = new Map(content.vectors)
            const dimensions = addTo(vectors, content.dimensions, items, seen)
            content = { vectors, dimensions, origin: content.dimensions === undefined ? origin : content.origin }
            unsaved = true
            batchesApplied++
            onProgress?.({ done: batchesApplied })
          }
        } catch (error) {
          if (!CbirError.isInstance(error)) throw error
          throw new CbirError(error.code, error.message, { cause: error.cause, details: { ...error.details, batchesApplied } })
        }
        return content.vectors.size
      }),
    remove: (uids, { signal } = {}) =>
      calls.run(signal, async () => {
        const names = [...uids]
        const vectors = new Map(content.vectors)
        const unknown = names.filter((uid) => !vectors.has(uid))
        if (unknown.length > 0) raise('UNKNOWN_UID', `not in the index: ${unknown.join(', ')}`, { uids: unknown })
        for (const uid of names) if (!vectors.delete(uid)) raise('DUPLICATE_UID', `${uid} is named twice`, { uids: [uid] })
        content = { ...content, vectors }
        unsaved = true
        return vectors.size
      }),
    nearest: (queries, k, options = {}) =>
      calls.run(options.signal, async () => {
        if (!Number.isInteger(k) || k < 1) raise('INVALID_ARGUMENT', `k must be a positive integer, got ${String(k)}`)
        return search(queries, options, k, Number.POSITIVE_INFINITY)
      }),
    within: (queries, radius, options = {}) =>
      calls.run(options.signal, async () => {
        if (typeof radius !== 'number' || Number.isNaN(radius)) raise('INVALID_ARGUMENT', `radius must be a number, got ${String(radius)}`)
        return search(queries, options, Number.POSITIVE_INFINITY, radius)
      }),
    compileFilter: (predicate, { signal } = {}) =>
      calls.run(signal, async () => {
        if (typeof predicate !== 'function') raise('INVALID_ARGUMENT', 'a filter must be a function')
        const passes = predicateOf(predicate)
        const filter = {
          predicate,
          get passing() {
            return [...content.vectors.keys()].filter(passes).length
          },
        }
        filters.add(filter)
        return filter
      }),
    save: (to, { signal } = {}) =>
      calls.run(signal, async () => {
        if (content.vectors.size === 0) raise('EMPTY_INDEX', 'there is nothing to save')
        await write(to)
      }),
    flush: ({ signal } = {}) => calls.run(signal, async () => (unsaved ? write(directory) : undefined)),
    attach: (name, provide) => void attachments.set(name, provide),
    attachment: (name) => stored?.attached?.get(name),
    dispose: () => calls.dispose(() => (unsaved ? write(directory) : undefined)),
  }
}

interface Found {
  readonly uid: string
  readonly distance: number
}

/** The nearest `k`, nearest first. Only what is as near as the k-th is put in order: of many rows few are. */
function nearestOf(found: readonly Found[], k: number): Found[] {
  const limit = Float64Array.from(found, ({ distance }) => distance).sort()[k - 1] ?? Number.POSITIVE_INFINITY
  return found
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, k)
}

/** Opens the reference index that `directory` holds, or an empty one that will be kept there. @throws CbirError CORRUPT_DATA */
export async function openReferenceNearestNeighborsIndex(options: { metric: MetricName; directory: string }): Promise<FullIndex> {
  return referenceNearestNeighborsIndex(options, await readReferenceFile(options.directory, options.metric))
}

function checkOrigin(a: VectorOrigin, b: VectorOrigin): void {
  const bare = [a, b].some(({ producer, space }) => producer === undefined && space === undefined)
  const shared = (a.producer !== undefined && a.producer === b.producer) || (a.space !== undefined && a.space === b.space)
  if (!bare && !shared) raise('FINGERPRINT_MISMATCH', 'vectors of different producers cannot be compared')
}

function checkVectors(batch: VectorBatch, dimensions: number | undefined): void {
  const { data, count } = batch ?? {}
  if (!(data instanceof Float32Array) || data.length !== count * batch.dimensions)
    raise('INVALID_ARGUMENT', 'data must be count × dimensions numbers')
  if (dimensions !== undefined && batch.dimensions !== dimensions) {
    raise('DIMENSION_MISMATCH', `the index has ${dimensions} dimensions, the vectors ${batch.dimensions}`)
  }
  if (data.some((value) => !Number.isFinite(value))) raise('NOT_FINITE', 'a vector holds NaN or Infinity')
}

/** Checks a batch and puts its rows into `vectors`, all or none; gives the dimensions. */
function addTo(vectors: Map<string, Float32Array>, dimensions: number | undefined, items: Items, seen: Set<string>): number | undefined {
  const { uids, vectors: batch } = items ?? {}
  checkVectors(batch, dimensions)
  if (uids?.length !== batch.count) raise('INVALID_ARGUMENT', 'there must be one uid for each vector')
  if (uids.some((uid) => typeof uid !== 'string')) raise('INVALID_ARGUMENT', 'a uid must be a string')
  const names = new Set<string>()
  for (const uid of uids) if (seen.has(uid) || names.size === names.add(uid).size) raise('DUPLICATE_UID', `${uid} is given twice`, { uids: [uid] })
  uids.forEach((uid, i) => {
    seen.add(uid)
    vectors.set(uid, rowOf(batch, i).slice())
  })
  return batch.count === 0 ? dimensions : batch.dimensions
}

/** A long batch in parts, so that a build can give turns between them. */
function* partsOf({ uids, vectors }: Items): Generator<Items> {
  if (uids?.length !== vectors?.count || uids.length <= 256) return yield { uids, vectors }
  const { dimensions } = vectors
  for (let from = 0; from < uids.length; from += 256) {
    const names = uids.slice(from, from + 256)
    const data = vectors.data.subarray(from * dimensions, (from + names.length) * dimensions)
    yield { uids: names, vectors: { data, count: names.length, dimensions } }
  }
}
