// RetrievalPipeline: items in, similar items out: loader, extractor and index with the caller's ids and metadata.

import type { CallOptions } from '../component/call-options.ts'
import type { ErrorPolicy, PartPosition } from '../descriptor-generator/descriptor-generator.ts'
import type { NearestNeighborsIndex, Persistable, Removable, Updatable } from '../nearest-neighbors-index/nearest-neighbors-index.ts'
import type { Source } from '../vectors/source.ts'

/** One thing to be found. */
export interface PipelineItem<In, M> {
  /** The caller's name for it, unique in the index. Where it is left out, the content uuid of the data. */
  readonly id?: string | undefined
  readonly data: In
  /** JSON data that comes back with every match and that a filter sees. */
  readonly metadata?: M | undefined
}

/** One answer. */
export interface Match<M> {
  readonly id: string
  /** In the metric of the index; smaller is closer. */
  readonly distance: number
  readonly metadata: M | undefined
  /** The part of the item that matched best. */
  readonly part: PartPosition
}

export interface IngestOptions extends CallOptions {
  /** `throw` (the default): the first bad item ends the call. `skip`: it is in the report with its cause, and the run goes on. */
  readonly onError?: ErrorPolicy | undefined
  /** Items loaded at once. */
  readonly concurrency?: number | undefined
  /** Compute again what the store has. */
  readonly overwrite?: boolean | undefined
}

/** What became of the items of a `build` or an `add`. */
export interface IngestReport {
  /** Items that are in the index now because of this call. */
  readonly items: number
  /** Their vectors. */
  readonly parts: number
  /** Items that were loaded and extracted, and items whose descriptors the store had. */
  readonly computed: number
  readonly reused: number
  /** Items that are not in the index, and why. `id` is undefined where the item had none and its content could not be read. */
  readonly skipped: readonly { readonly id: string | undefined; readonly error: Error }[]
}

/** Whether an item may be in an answer. */
export type ItemPredicate<M> = (metadata: M | undefined, id: string) => boolean

export interface FindOptions<M> extends CallOptions {
  readonly filter?: ItemPredicate<M> | undefined
  /** `item` (the default): each item once, with its best part. `part`: every part for itself. */
  readonly pool?: 'item' | 'part' | undefined
  /** Run-time parameters of the index, e.g. `{ efSearch: 80 }`. */
  readonly tuning?: Readonly<Record<string, number>> | undefined
}

/** What every pipeline has. */
export interface RetrievalPipelineBase<In, Q, M, I extends NearestNeighborsIndex> {
  readonly index: I
  /** Items in the index. */
  readonly count: number
  /** Waits until what was saved is loaded; every other call does so too. @throws CbirError CORRUPT_DATA, FINGERPRINT_MISMATCH */
  ready(): Promise<void>
  has(id: string): boolean
  /** The metadata of an item. @throws CbirError UNKNOWN_UID */
  metadata(id: string): M | undefined
  /**
   * Replaces the content. While it runs, and when it fails or is aborted, the old content answers. It begins when every earlier build, add and remove
   * has ended. The source is read ahead: an item must stay as it is until the call has ended.
   * @throws CbirError EMPTY_BUILD (no item is left), DUPLICATE_UID, SOURCE_FAILED, ABORTED, and under `onError: 'throw'` what is wrong with the first
   * bad item; `details.skipped` as in the report
   */
  build(items: Source<PipelineItem<In, M>>, options?: IngestOptions): Promise<IngestReport>
  /**
   * The `k` items most like the query; fewer only where fewer pass the filter. A query of several parts is as close as its closest part.
   * @throws CbirError EMPTY_INDEX, INVALID_ARGUMENT, FINGERPRINT_MISMATCH (the query's vectors are of another producer and space)
   */
  findSimilar(query: Q, k: number, options?: FindOptions<M>): Promise<Match<M>[]>
}

/** On an index that can update. */
export interface AddingPipeline<In, M> {
  /**
   * Adds items; an id that exists is replaced. Begins when every earlier build has ended; adds and removes take turns, batch by batch.
   * @throws CbirError as `build`; what was added before stays: `details.batchesApplied`, and `details.skipped`. NOT_SUPPORTED: an item would get fewer
   * parts, and the index cannot remove
   */
  add(items: Source<PipelineItem<In, M>>, options?: IngestOptions): Promise<IngestReport>
}

/** On an index that can remove. */
export interface RemovingPipeline {
  /** Removes items with all their parts. @throws CbirError UNKNOWN_UID (nothing is removed) */
  remove(ids: Iterable<string>, options?: CallOptions): Promise<void>
}

/** On an index that can be saved. */
export interface SavingPipeline {
  /** Writes index, ids and metadata into a directory, whole or not at all. */
  save(directory: string, options?: CallOptions): Promise<void>
  /** Writes what changed to the directory of the index. */
  flush(options?: CallOptions): Promise<void>
}

/** A pipeline has the methods that its index is able to do. */
export type RetrievalPipeline<In, Q, M, I extends NearestNeighborsIndex> = RetrievalPipelineBase<In, Q, M, I> &
  (I extends Updatable ? AddingPipeline<In, M> : unknown) &
  (I extends Removable ? RemovingPipeline : unknown) &
  (I extends Persistable ? SavingPipeline : unknown)
