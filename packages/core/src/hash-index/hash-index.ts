// HashIndex: nearest neighbours among bit codes in Hamming distance.

import type { CallOptions } from '../component/call-options.ts'
import type { Component } from '../component/component.ts'
import type { BitBatch } from '../vectors/bit-batch.ts'
import type { Source } from '../vectors/source.ts'

/** One code of an answer in readable form. */
export interface CodeHit {
  readonly bits: boolean[]
  readonly distance: number
}

/**
 * The neighbours of a batch of codes. Those of query *i* stand at `offsets[i] … offsets[i + 1] - 1` of `rows`, `codes` and `distances`, closest
 * first; `offsets` has one entry more than there are queries.
 */
export interface CodeNeighbours {
  /** The row of each code in the index; see {@link HashIndex.rowsOf}. */
  readonly rows: Uint32Array
  readonly codes: BitBatch
  /** Share of differing bits, in [0, 1]. */
  readonly distances: Float32Array
  readonly offsets: Uint32Array
  /** The readable view of the answer to query `i`. */
  hits(i: number): CodeHit[]
}

/** What an instance can do beyond build and nearest. `exact`: its answers are those of a full scan. */
export type HashIndexCapability = 'update' | 'remove' | 'persist' | 'exact'

/**
 * An index over bit codes, each of which is in it once, however often it was given. Distance is the number of differing bits divided by the bits
 * of a code, in [0, 1]; answers ascend, ties of an exact index by row.
 *
 * Errors that every hash index gives alike: INVALID_ARGUMENT, DIMENSION_MISMATCH (codes of another length), UNKNOWN_UID (a code that is not
 * there), DUPLICATE_UID, EMPTY_BUILD, EMPTY_INDEX, NOT_SUPPORTED, SOURCE_FAILED, ABORTED, DISPOSED. An error leaves the index as it was.
 *
 * What is passed may be changed once the call has returned its promise; a batch of a `Source` must stay until the next one is asked for.
 */
export interface HashIndex extends Component {
  readonly kind: 'hash-index'
  /** What this instance can do; see `supports`. The method of an ability that it lacks throws NOT_SUPPORTED. */
  readonly capabilities: ReadonlySet<HashIndexCapability>
  /** Codes in the index, each counted once. */
  readonly count: number
  /** Bits a code, once something was built. */
  readonly bits: number | undefined
  /**
   * Replaces the content by the codes of `source`; gives their count. Until it has finished the old content answers, and a failed or aborted
   * build leaves it.
   * @throws CbirError EMPTY_BUILD, DIMENSION_MISMATCH, INVALID_ARGUMENT, ABORTED
   */
  build(source: Source<BitBatch>, options?: CallOptions): Promise<number>
  /** The min(`k`, count) closest codes of each query. @throws CbirError EMPTY_INDEX, INVALID_ARGUMENT, DIMENSION_MISMATCH */
  nearest(queries: BitBatch, k: number, options?: CallOptions): Promise<CodeNeighbours>
  /**
   * The row of each code, -1 where it is not in the index. Rows count from 0; a code keeps its row until it is removed or the index built anew,
   * and a freed row is given to a later code.
   */
  rowsOf(codes: BitBatch, options?: CallOptions): Promise<Int32Array>
  /** Waits for calls in flight, flushes, frees. */
  dispose(): Promise<void>
}

/** Ability `update`. */
export interface UpdatableHashIndex {
  /** Adds codes; those that are there already stay. Atomic per batch. On an index never built it builds. Gives the count. */
  update(source: Source<BitBatch>, options?: CallOptions): Promise<number>
}

/** Ability `remove`. */
export interface RemovableHashIndex {
  /** Removes codes; gives the count. @throws CbirError UNKNOWN_UID (`details.positions`; nothing is removed), DUPLICATE_UID */
  remove(codes: BitBatch, options?: CallOptions): Promise<number>
}

/** Ability `persist`. */
export interface PersistableHashIndex {
  /** Writes the whole index into a directory, whole or not at all. @throws CbirError EMPTY_INDEX (never built), IO_FAILED */
  save(directory: string, options?: CallOptions): Promise<void>
  /** Writes what changed to the directory that the index was opened with; nothing to do without one. @throws CbirError IO_FAILED */
  flush(options?: CallOptions): Promise<void>
}

/** The methods that come with each ability. */
export interface HashIndexMethods {
  readonly update: UpdatableHashIndex
  readonly remove: RemovableHashIndex
  readonly persist: PersistableHashIndex
  readonly exact: unknown
}
