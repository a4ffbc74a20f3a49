// NearestNeighborsIndex: the contract of everything that answers "which stored vectors are closest to this one".

import type { CallOptions } from '../component/call-options.ts'
import type { Component } from '../component/component.ts'
import type { Source } from '../vectors/source.ts'
import type { Items, VectorBatch } from '../vectors/vector-batch.ts'

/** One neighbour in readable form. `distance`: smaller is closer, never NaN. */
export interface Hit {
  readonly uid: string
  readonly distance: number
}

/**
 * The neighbours of a batch of queries. Those of query *i* stand at `offsets[i] … offsets[i + 1] - 1` of `uids` and `distances`,
 * closest first; `offsets` has one entry more than there are queries.
 */
export interface Neighbours {
  readonly uids: readonly string[]
  readonly distances: Float32Array
  readonly offsets: Uint32Array
  /** The readable view of the answer to query `i`. */
  hits(i: number): Hit[]
}

/** What an instance can do beyond build and nearest. `exact`: its answers are those of a full scan. */
export type IndexCapability = 'update' | 'remove' | 'range' | 'persist' | 'exact'

/** Which uids may be in an answer. Called synchronously, in slices; it must return a boolean, not a promise. */
export type UidPredicate = (uid: string) => boolean

/** A predicate made ready by `index.compileFilter`. It belongs to that index; a change of the index makes the next query compile it again. */
export interface RowFilter {
  readonly predicate: UidPredicate
  /** How many rows passed when it was last compiled. */
  readonly passing: number
}

export interface NearestOptions extends CallOptions {
  readonly filter?: UidPredicate | RowFilter | undefined
  /** Run-time parameters of this kind of index, e.g. `{ efSearch: 80 }`; a name that it does not have is `INVALID_ARGUMENT`. */
  readonly tuning?: Readonly<Record<string, number>> | undefined
  /** Where the queries come from; must fit the origin of the index (`FINGERPRINT_MISMATCH`). */
  readonly origin?: VectorOrigin | undefined
}

/** Which producer's vectors an index holds. An index of bare vectors has neither. */
export interface VectorOrigin {
  /** Fingerprint of loader, extractor, their options and model. */
  readonly producer?: string | undefined
  /** A name that extractors of comparable vectors share, e.g. both towers of CLIP. */
  readonly space?: string | undefined
}

export interface BuildOptions extends CallOptions {
  /** Where the vectors come from; stored with the index, and checked when it is opened or queried with an origin. */
  readonly origin?: VectorOrigin | undefined
}

/**
 * An index over named vectors. Distances are core's metrics: smaller is closer, never NaN, ascending, ties of an exact index by row.
 *
 * Errors that every index gives alike, because core checks them: `INVALID_ARGUMENT`, `DIMENSION_MISMATCH`, `NOT_FINITE`, `DUPLICATE_UID`,
 * `UNKNOWN_UID`, `EMPTY_BUILD`, `EMPTY_INDEX`, `NOT_SUPPORTED`, `ABORTED`, `DISPOSED`. An error leaves the index as it was.
 *
 * Buffers: what is passed as an argument may be changed, transferred or shrunk as soon as the call has returned its promise. A batch that
 * comes from a `Source` must stay as it is until the source is asked for the next one.
 */
export interface NearestNeighborsIndex extends Component {
  readonly kind: 'nearest-neighbors-index'
  /** What this instance can do; see `supports`. */
  readonly capabilities: ReadonlySet<IndexCapability>
  /** Vectors in the index. */
  readonly count: number
  /** Numbers a vector, once something was built. */
  readonly dimensions: number | undefined
  readonly origin: VectorOrigin
  /**
   * Replaces the content by the items of `source`; gives their count. Until it has finished, the old content answers, and a failed or
   * aborted build leaves it. While it runs, old and new are both in memory.
   * @throws CbirError EMPTY_BUILD (nothing to build from), DUPLICATE_UID, DIMENSION_MISMATCH, NOT_FINITE, ABORTED
   */
  build(source: Source<Items>, options?: BuildOptions): Promise<number>
  /**
   * The min(`k`, rows that pass the filter) closest vectors of each query.
   * @param queries `count` × `dimensions`; any count, zero too
   * @throws CbirError EMPTY_INDEX, INVALID_ARGUMENT (`k` not a positive integer), DIMENSION_MISMATCH, NOT_FINITE
   */
  nearest(queries: VectorBatch, k: number, options?: NearestOptions): Promise<Neighbours>
  /** Makes a predicate ready for many queries: its rows are computed once, in slices, off the hot path. */
  compileFilter(predicate: UidPredicate, options?: CallOptions): Promise<RowFilter>
  /** Refuses new calls (`DISPOSED`), waits for those in flight, frees what is held. A second call does nothing. */
  dispose(): Promise<void>
}

/** Ability `update`. */
export interface Updatable {
  /**
   * Adds items; a uid that exists gets the new vector. Atomic per batch of the source. On an index that was never built it builds.
   * Gives the count after it.
   * @throws CbirError as `build`; `details.batchesApplied` says how many batches stand. DUPLICATE_UID: a uid twice in one call.
   */
  update(source: Source<Items>, options?: BuildOptions): Promise<number>
}

/** Ability `remove`. */
export interface Removable {
  /**
   * Removes the named vectors; gives the count after it.
   * @throws CbirError UNKNOWN_UID (names them; nothing was removed), DUPLICATE_UID
   */
  remove(uids: Iterable<string>, options?: CallOptions): Promise<number>
}

/** Ability `range`. */
export interface RangeSearchable {
  /**
   * Every vector at a distance ≤ `radius` (in the index's metric), closest first. No vector in reach: an empty answer. `radius` is rounded to
   * float32, as distances are.
   */
  within(queries: VectorBatch, radius: number, options?: NearestOptions): Promise<Neighbours>
}

/** What else is written with an index, in the same generation: `has` tells which uids the written content holds. */
export type AttachmentProvider = (has: (uid: string) => boolean) => Source<Uint8Array>

/** Ability `persist`. */
export interface Persistable {
  /**
   * Writes the whole index into `directory`, which then holds the old content or the new, never a mixture, whatever happens meanwhile.
   * @throws CbirError IO_FAILED, EMPTY_INDEX (nothing was built)
   */
  save(directory: string, options?: CallOptions): Promise<void>
  /** Writes what `update` and `remove` changed to the directory that the index was created with; nothing to do without one. */
  flush(options?: CallOptions): Promise<void>
  /**
   * From now on every write of the index also writes the file `name` (lower-case letters, digits and `-`), as `provide` gives it: whole with
   * the index, or not at all. A pipeline keeps its table of metadata there.
   */
  attach(name: string, provide: AttachmentProvider): void
  /** The bytes of an attachment that were there when the index was opened; `undefined` where there was none. */
  attachment(name: string): Uint8Array | undefined
}

/** The methods that come with each ability. */
export interface CapabilityMethods {
  readonly update: Updatable
  readonly remove: Removable
  readonly range: RangeSearchable
  readonly persist: Persistable
  readonly exact: unknown
}
