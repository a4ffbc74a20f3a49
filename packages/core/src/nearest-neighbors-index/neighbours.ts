// Neighbours from rows: names in the place of row numbers.

import { inSlices } from '../concurrency/in-slices.ts'
import { type Ready, whenReady } from '../concurrency/ready.ts'
import { CbirError } from '../errors/cbir-error.ts'
import type { RowNeighbours } from './dense-rows-driver.ts'
import type { Hit, Neighbours } from './nearest-neighbors-index.ts'
import type { RowTable } from './row-table.ts'

/** Rows that are named between two looks at the clock. */
const STEP = 1 << 12

/** The answer of a search in the caller's names. */
export function nameNeighbours({ rows, distances, offsets }: RowNeighbours, table: RowTable): Ready<Neighbours> {
  const uids = new Array<string>(rows.length)
  const name = (from: number, to: number): void => {
    for (let i = from; i < to; i++) uids[i] = table.uidAt(rows[i]!)!
  }
  const named = rows.length <= STEP ? name(0, rows.length) : inSlices(rows.length, STEP, name)
  return whenReady(named, () => makeNeighbours(uids, distances, offsets))
}

/** A `Neighbours` of its three arrays. */
export function makeNeighbours(uids: readonly string[], distances: Float32Array, offsets: Uint32Array): Neighbours {
  return {
    uids,
    distances,
    offsets,
    hits(i: number): Hit[] {
      const from = offsets[i]
      const to = offsets[i + 1]
      if (from === undefined || to === undefined) {
        throw new CbirError('INVALID_ARGUMENT', `There is no query ${i}; the answer is for ${offsets.length - 1} queries, counted from 0.`)
      }
      return uids.slice(from, to).map((uid, j) => ({ uid, distance: distances[from + j]! }))
    },
  }
}
