// Neighbours from rows: names in the place of row numbers.

import { TimeSlice } from '../concurrency/time-slice.ts'
import { CbirError } from '../errors/cbir-error.ts'
import type { RowNeighbours } from './dense-rows-driver.ts'
import type { Hit, Neighbours } from './nearest-neighbors-index.ts'

/** The answer of a search in the caller's names. */
export async function nameNeighbours(answer: RowNeighbours, uidAt: (row: number) => string | undefined): Promise<Neighbours> {
  const uids = new Array<string>(answer.rows.length)
  const slice = new TimeSlice()
  for (let i = 0; i < uids.length; i++) {
    uids[i] = uidAt(answer.rows[i]!)!
    if ((i & 0x3fff) === 0x3fff && slice.due()) await slice.pause()
  }
  return makeNeighbours(uids, answer.distances, answer.offsets)
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
