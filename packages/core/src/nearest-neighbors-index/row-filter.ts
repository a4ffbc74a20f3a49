// Row filters: a predicate over uids, computed once into a bitmap over rows.

import { throwIfAborted } from '../concurrency/abort.ts'
import { TimeSlice } from '../concurrency/time-slice.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { toCbirError } from '../errors/wrap-error.ts'
import { describeType } from '../vectors/vector-batch.ts'
import type { RowBitmap } from './dense-rows-driver.ts'
import type { UidPredicate } from './nearest-neighbors-index.ts'
import type { RowTable } from './row-table.ts'

/**
 * The live rows whose uid the predicate lets pass.
 * @throws CbirError INVALID_ARGUMENT where the predicate throws or gives a promise
 */
export async function computeRowBitmap(table: RowTable, predicate: UidPredicate, signal: AbortSignal | undefined): Promise<RowBitmap> {
  const bits = new Uint8Array((table.size + 7) >> 3)
  const slice = new TimeSlice()
  let count = 0
  for (let row = 0; row < table.size; row++) {
    const uid = table.uidAt(row)
    if (uid !== undefined && passes(predicate, uid)) {
      bits[row >> 3]! |= 1 << (row & 7)
      count++
    }
    if ((row & 63) === 63 && slice.due()) {
      await slice.pause()
      throwIfAborted(signal)
    }
  }
  return { bits, count }
}

function passes(predicate: UidPredicate, uid: string): boolean {
  let answer: unknown
  try {
    answer = predicate(uid)
  } catch (error) {
    throw toCbirError(error, 'INVALID_ARGUMENT', `The filter threw for ${JSON.stringify(uid)}`)
  }
  if (typeof answer === 'boolean') return answer
  throw new CbirError(
    'INVALID_ARGUMENT',
    `The filter gave ${describeType(answer)} for ${JSON.stringify(uid)}; it must return true or false at once, not a promise.`,
  )
}
