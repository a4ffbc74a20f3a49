// adoptRows: an index over rows that its driver holds already, as a file of another program was read into it.

import type { CallOptions } from '../component/call-options.ts'
import type { Items } from '../vectors/vector-batch.ts'
import type { NearestNeighborsIndex, Persistable, Removable } from './nearest-neighbors-index.ts'

/** Numbers of the vectors that are handed on in a batch: 1 MB. */
const BATCH_NUMBERS = 1 << 18

/** Rows that a driver holds. */
export interface HeldRows {
  readonly rows: number
  readonly dimensions: number
  /** The name of each row, removed ones included. */
  uidOf(row: number): string
  /** The vectors of the rows `from … to - 1`, which core checks; the driver knows them. */
  vectorsOf(from: number, to: number): Float32Array
  /** Rows that are not wanted. */
  readonly removed?: ArrayLike<number> | undefined
}

/**
 * Names the rows by a build, whose `append` the driver must not add anything in, removes those that are not wanted, and writes the directory of the
 * index, if it has one. An index for which that fails is disposed.
 * @throws CbirError DUPLICATE_UID, NOT_FINITE, IO_FAILED, ABORTED
 */
export async function adoptRows<I extends NearestNeighborsIndex & Removable & Persistable>(
  index: I,
  held: HeldRows,
  { signal }: CallOptions = {},
): Promise<I> {
  const removed = Array.from(held.removed ?? [], (row) => held.uidOf(row))
  try {
    await index.build(itemsOf(held), { signal })
    if (removed.length > 0) {
      await index.remove(removed, { signal })
      await index.flush({ signal })
    }
    return index
  } catch (error) {
    await index.dispose()
    throw error
  }
}

function* itemsOf({ rows, dimensions, uidOf, vectorsOf }: HeldRows): Generator<Items> {
  const step = Math.max(1, Math.floor(BATCH_NUMBERS / dimensions))
  for (let from = 0; from < rows; from += step) {
    const count = Math.min(step, rows - from)
    const uids = Array.from({ length: count }, (_, i) => uidOf(from + i))
    yield { uids, vectors: { data: vectorsOf(from, from + count), count, dimensions } }
  }
}
