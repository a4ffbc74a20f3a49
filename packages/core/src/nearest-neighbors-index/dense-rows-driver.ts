// The driver of an index: what an adapter writes. Rows are dense numbers 0, 1, 2, …; core keeps the names, the checks, the lock and the files.

import type { CallOptions } from '../component/call-options.ts'
import type { ContainerWriter, Json, OpenContainer } from '../component/directory-container.ts'
import type { VectorBatch } from '../vectors/vector-batch.ts'

/** A set of rows: row *i* is in it where `bits[i >> 3] & (1 << (i & 7))`. */
export interface RowBitmap {
  readonly bits: Uint8Array
  /** Rows in the set. */
  readonly count: number
}

/** Rows found for a batch of queries: those of query *i* stand at `offsets[i] … offsets[i + 1] - 1`, closest first. */
export interface RowNeighbours {
  readonly rows: Uint32Array
  readonly distances: Float32Array
  readonly offsets: Uint32Array
}

export interface RowSearchOptions extends CallOptions {
  /** The only rows that may be found. Absent: every row. Core puts removed rows and the caller's filter in here. */
  readonly allow?: RowBitmap | undefined
  /** Values for the driver's `tuning`, checked. */
  readonly tuning: Readonly<Record<string, number>>
  /** 0 first. A higher number says that the search before found fewer neighbours than there are: look wider. */
  readonly attempt: number
  /** The names of the rows, for a driver that keeps some of its content by name. */
  readonly names?: RowNames | undefined
}

/** Which uid has which row: a view of core's own table, right until the next change. */
export interface RowNames {
  /** Undefined for a row without a name. */
  uidAt(row: number): string | undefined
  rowOf(uid: string): number | undefined
}

/** What a method that changes rows is told beside the rows. */
export interface WriteOptions extends CallOptions {
  /** The uid of each row that the call is about: of those added, of those overwritten (the new name, where a freed row is used again), of those freed. */
  readonly uids: readonly string[]
}

export interface AppendOptions extends WriteOptions {
  /** Rows of the same batch that the next calls will bring: memory can be taken for all of them at once. Absent: none that core knows of. */
  readonly following?: number | undefined
}

/** A run-time parameter of the search, e.g. `efSearch`. */
export interface TuningParameter {
  readonly min: number
  readonly max: number
  readonly integer: boolean
}

/**
 * What core asks of an adapter. Every batch that a driver gets is a private copy, finite and of the right dimensions; the driver copies what it
 * keeps, and must not hold on to the batch after its promise has settled: core fills the same memory with the next one. A method that gives a
 * value and not a promise costs a query no turn of the event loop. What `search` and `within` give belongs to the caller. Core never runs a writing method beside any other one of the same
 * state; `search` and `within` run beside each other. An ability that depends on the configuration is a method that is undefined where it is absent. Whatever throws must leave the state as it was.
 *
 * Work in TypeScript goes in slices (`TimeSlice`); native work runs on threads of its own.
 */
export interface DenseRowsDriver<S> {
  /** Whether answers are those of a full scan. */
  readonly exact: boolean
  /** Facts that a saved index and the one that opens it must share, e.g. `{ metric: 'cosine' }`. */
  readonly layout?: Readonly<Record<string, string | number | boolean>> | undefined
  readonly tuning?: Readonly<Record<string, TuningParameter>> | undefined
  /** Whether `append` works after `finish`. Without `finish` it always must. */
  readonly appendsAfterFinish?: boolean | undefined
  /** A state without rows. */
  open(dimensions: number): Promise<S> | S
  /** Adds rows behind the last one. */
  append(state: S, vectors: VectorBatch, options: AppendOptions): Promise<void> | void
  /** Called once, after a build's last row and before it replaces the old one: train, plant trees. */
  readonly finish?: ((state: S, options: CallOptions) => Promise<void> | void) | undefined
  /**
   * Called when everything in `state` is complete, before it takes the place of `old` (undefined where nothing stood): what both share and can stand
   * only once (another component, a store) changes here. Searches of `old` go on beside it; no other change runs. Gives what takes it back, for a
   * build that fails after all. What throws must have taken it back.
   */
  readonly replace?: ((state: S, old: S | undefined, options: CallOptions) => Promise<() => Promise<void>>) | undefined
  /** The `k` closest rows of each query; `k` is never more than the rows that may be found. Fewer make core ask again with a higher `attempt`. */
  search(state: S, queries: VectorBatch, k: number, options: RowSearchOptions): Promise<RowNeighbours> | RowNeighbours
  /** A full scan, asked for when several attempts of `search` found too few. An approximate driver needs one of its own unless `search` gets there. */
  readonly scan?: ((state: S, queries: VectorBatch, k: number, options: RowSearchOptions) => Promise<RowNeighbours> | RowNeighbours) | undefined
  /** Every row at a distance ≤ `radius`, closest first. Present: ability `range`. */
  readonly within?:
    | ((state: S, queries: VectorBatch, radius: number, options: RowSearchOptions) => Promise<RowNeighbours> | RowNeighbours)
    | undefined
  /** Puts row *i* of `vectors` in the place of `rows[i]`, which may have been freed. Without it core appends instead, and leaves the old row a hole. */
  readonly overwrite?: ((state: S, rows: Uint32Array, vectors: VectorBatch, options: WriteOptions) => Promise<void> | void) | undefined
  /** These rows are no longer wanted; `allow` will leave them out. Present: ability `remove`. */
  readonly free?: ((state: S, rows: Uint32Array, options: WriteOptions) => Promise<void> | void) | undefined
  /** Writes the state. With `load`: ability `persist`. */
  readonly save?: ((state: S, writer: ContainerWriter, options: CallOptions) => Promise<void>) | undefined
  /** Reads what `save` wrote: a state of `rows` rows. The checksums are right, the content must still be checked. @throws CbirError CORRUPT_DATA */
  readonly load?: ((container: OpenContainer, shape: SavedShape, options: CallOptions) => Promise<S>) | undefined
  /** Frees the state. */
  readonly close?: ((state: S) => Promise<void> | void) | undefined
}

/** What core knows of a saved state. */
export interface SavedShape {
  readonly dimensions: number
  readonly rows: number
  readonly names: RowNames
}

/** Facts of a driver's save format, for the header of a saved index. */
export type Layout = { readonly [key: string]: Json }
