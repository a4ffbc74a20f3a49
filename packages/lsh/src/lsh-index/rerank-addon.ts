// The ranking of candidates in native code, as TypeScript sees it.

import type { RowNeighbours } from '@cbir/core/define'
import type { NativeAddon, NativeControl } from '@cbir/native-kit'

/** Vectors by row in native memory. Opaque. */
export type VectorRowsHandle = object

type Control = NativeControl | undefined
/** `now`: on the calling thread, and gives the answer, or the length of a short one (see `shortAnswer`); else a promise. */
export type RerankAnswer = Promise<RowNeighbours> | RowNeighbours | number
/** `grain`: queries that one thread answers in a row. */
type HowToRun = readonly [grain: number, now: boolean, control: Control]
type Queries = readonly [queries: Float32Array, count: number]
/** Those of query *i* stand at `offsets[i] … offsets[i + 1] - 1` of `rows`. */
type Candidates = readonly [rows: Uint32Array, offsets: Uint32Array]
/** Codes by row, each of `words` × 64 bits, and those of the queries. */
type Codes = readonly [codes: Uint8Array, words: number, rows: number, queries: Uint8Array, count: number]
type Allow = Uint8Array | undefined

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
  rankRows(handle: VectorRowsHandle, ...task: readonly [...Queries, ...Candidates, k: number, ...HowToRun]): RerankAnswer
  /** As `rankRows`; vector *i* is that of `rows[i]`. */
  rankVectors(
    metric: string,
    dimensions: number,
    ...task: readonly [...Queries, vectors: Float32Array, ...Candidates, k: number, ...HowToRun]
  ): RerankAnswer
  scanRows(handle: VectorRowsHandle, ...task: readonly [...Queries, k: number, allow: Allow, ...HowToRun]): RerankAnswer
  /** The `limit` allowed rows whose codes are closest, ties by row; as distances the shares of the bits that differ. */
  closestCodes(...task: readonly [...Codes, limit: number, allow: Allow, ...HowToRun]): RerankAnswer
  /** For each query, the number of rows at each distance 0 … 64 · words. */
  countByDistance(...task: readonly [...Codes, control: Control]): Promise<Uint32Array>
}
