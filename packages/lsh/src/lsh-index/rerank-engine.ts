// RerankEngine: what the LSH index computes: distances of candidates, and which codes are close. In native code or in TypeScript.

import type { BitBatch, CallOptions, VectorBatch } from '@cbir/core'
import type { RowBitmap, RowNeighbours } from '@cbir/core/define'

/** A value, or the promise of one. */
export type Ready<T> = T | Promise<T>

/** Rows to be looked at for a batch of queries: those of query *i* stand at `offsets[i] … offsets[i + 1] - 1`, none twice. */
export interface Candidates {
  readonly rows: Uint32Array
  readonly offsets: Uint32Array
}

/** The vectors of an index by row, in contiguous blocks. */
export interface VectorRows {
  readonly dimensions: number
  readonly count: number
  /** Adds rows behind the last one; `following`: how many more are known to come. */
  append(vectors: VectorBatch, following: number, options: CallOptions): Ready<void>
  /** Puts row *i* of `vectors` in the place of `rows[i]`. */
  overwrite(rows: Uint32Array, vectors: VectorBatch): Ready<void>
  /** Forgets the rows from `rows` on. */
  truncate(rows: number): void
  /** A copy of the rows `from … to - 1`. */
  read(from: number, to: number): Float32Array
  /** A copy of some rows. */
  pick(rows: Uint32Array): Float32Array
  /** The at most `k` closest candidates of each query. */
  rank(queries: VectorBatch, candidates: Candidates, k: number, options: CallOptions): Ready<RowNeighbours>
  /** The at most `k` closest of all allowed rows. */
  scan(queries: VectorBatch, k: number, allow: RowBitmap | undefined, options: CallOptions): Ready<RowNeighbours>
  close(): void
}

/** Codes by row, one behind the other. */
export interface CodeView {
  readonly data: Uint8Array
  readonly bits: number
  readonly rows: number
}

export interface RerankEngine {
  rows(dimensions: number): VectorRows
  /** As `VectorRows.rank`, where vector *i* of `vectors` is that of `candidates.rows[i]`. */
  rankVectors(queries: VectorBatch, vectors: Float32Array, candidates: Candidates, k: number, options: CallOptions): Ready<RowNeighbours>
  /** The at most `limit` allowed rows whose codes are closest to each query, closest first, ties by row. */
  closestCodes(codes: CodeView, queries: BitBatch, limit: number, allow: RowBitmap | undefined, options: CallOptions): Ready<Candidates>
  /** For each query the number of rows whose codes differ in 0, 1, 2 … bits; each has 8 · stride + 1 places. */
  countByDistance(codes: CodeView, queries: BitBatch, options: CallOptions): Promise<Uint32Array>
}
