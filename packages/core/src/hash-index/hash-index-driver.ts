// What an adapter writes for a hash index.

import type { CallOptions } from '../component/call-options.ts'
import type { ContainerWriter, OpenContainer } from '../component/directory-container.ts'
import type { Layout, RowNeighbours } from '../nearest-neighbors-index/dense-rows-driver.ts'
import type { BitBatch } from '../vectors/bit-batch.ts'

type Now<T> = Promise<T> | T

/**
 * Searches codes in numbered rows. Core keeps which code is in which row, so a driver sees each code once. Core never runs a writing method
 * beside any other one of the same state; `search` runs beside `search`. What throws must leave the state as it was.
 */
export interface HashIndexDriver<S> {
  /** Whether answers are those of a full scan. */
  readonly exact: boolean
  /** Facts that a saved index and the one that opens it must share. */
  readonly layout?: Layout | undefined
  /** Whether `put` works after `finish`. Without `finish` it always must. */
  readonly putsAfterFinish?: boolean | undefined
  /** A state without codes. */
  open(bits: number): Now<S>
  /** Code *i* goes to `rows[i]`, which holds none yet, or no more. Rows may leave gaps; they are filled as densely as can be. Copy what is kept. */
  put(state: S, rows: Uint32Array, codes: BitBatch, options: CallOptions): Now<void>
  /** Called once, after a build's last code and before it replaces the old one. */
  finish?(state: S, options: CallOptions): Now<void>
  /**
   * Exactly `k` rows for each query (there are at least so many), closest first, ties by row; freed rows left out. Distances are the share of
   * differing bits.
   */
  search(state: S, queries: BitBatch, k: number, options: CallOptions): Now<RowNeighbours>
  /** These rows hold no code any more. Present: ability `remove`. */
  free?(state: S, rows: Uint32Array, options: CallOptions): Now<void>
  /** With `load`: writes what cannot be made again from the codes, which core saves. Without, a saved index is put and finished anew when opened. */
  save?(state: S, writer: ContainerWriter, options: CallOptions): Now<void>
  /** A state that holds the given codes. */
  load?(container: OpenContainer, rows: Uint32Array, codes: BitBatch, options: CallOptions): Now<S>
  close?(state: S): Now<void>
}
