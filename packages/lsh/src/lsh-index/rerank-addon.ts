// The ranking of candidates in native code, as TypeScript sees it.

import type { RowNeighbours } from '@cbir/core/define'
import type { NativeAddon, NativeControl } from '@cbir/native-kit'

/** Vectors by row in native memory. Opaque. */
export type VectorRowsHandle = object

type Control = NativeControl | undefined
/** `now`: on the calling thread, and gives the answer, or the length of a short one (see `shortAnswer`); else a promise. */
type Answer = Promise<RowNeighbours> | RowNeighbours | number

/** `grain`: queries that one thread answers in a row. Offsets: those of query *i* stand at `offsets[i] … offsets[i + 1] - 1` of `rows`. */
export interface RerankAddon extends NativeAddon {
  createVectorRows(metric: string, dimensions: number): VectorRowsHandle
  /** `following`: rows that are known to come, for which memory is taken as well. */
  appendVectorRows(
    handle: VectorRowsHandle,
    vectors: Float32Array,
    count: number,
    following: number,
    now: boolean,
    control: Control,
  ): Promise<void> | void
  overwriteVectorRows(handle: VectorRowsHandle, rows: Uint32Array, vectors: Float32Array, now: boolean, control: Control): Promise<void> | void
  /** Forgets the rows from `rows` on. */
  truncateVectorRows(handle: VectorRowsHandle, rows: number): void
  readVectorRows(handle: VectorRowsHandle, from: number, to: number): Float32Array
  pickVectorRows(handle: VectorRowsHandle, rows: Uint32Array): Float32Array
  rankRows(
    handle: VectorRowsHandle,
    queries: Float32Array,
    count: number,
    rows: Uint32Array,
    offsets: Uint32Array,
    k: number,
    grain: number,
    now: boolean,
    control: Control,
  ): Answer
  /** As `rankRows`; vector *i* is that of `rows[i]`. */
  rankVectors(
    metric: string,
    dimensions: number,
    queries: Float32Array,
    count: number,
    vectors: Float32Array,
    rows: Uint32Array,
    offsets: Uint32Array,
    k: number,
    grain: number,
    now: boolean,
    control: Control,
  ): Answer
  scanRows(
    handle: VectorRowsHandle,
    queries: Float32Array,
    count: number,
    k: number,
    allow: Uint8Array | undefined,
    grain: number,
    now: boolean,
    control: Control,
  ): Answer
  /** The `limit` allowed rows whose codes are closest, ties by row; as distances the bits that differ. A code has `words` × 64 bits. */
  closestCodes(
    codes: Uint8Array,
    words: number,
    rows: number,
    queries: Uint8Array,
    count: number,
    limit: number,
    allow: Uint8Array | undefined,
    grain: number,
    now: boolean,
    control: Control,
  ): Answer
  /** For each query, the number of rows at each distance 0 … 64 · words. */
  countByDistance(codes: Uint8Array, words: number, rows: number, queries: Uint8Array, count: number, control: Control): Promise<Uint32Array>
}
