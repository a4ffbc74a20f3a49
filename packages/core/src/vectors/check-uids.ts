// Lists of uids as stores take them: copied at once, checked in slices.

import { inSlices } from '../concurrency/in-slices.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { UidMap } from './uid-map.ts'
import { checkUid, duplicateUidError } from './uids.ts'
import { describeType } from './vector-batch.ts'

/** The caller's list as an array of our own. @throws CbirError INVALID_ARGUMENT for a value that is no list */
export function copyUids(uids: Iterable<string>): string[] {
  if (typeof uids === 'object' && uids !== null && Symbol.iterator in uids) return [...uids]
  throw new CbirError('INVALID_ARGUMENT', `Expected a list of strings, got ${describeType(uids)}. Put a single one into an array.`)
}

/**
 * Checks every uid of a list.
 * @param unique whether a uid that occurs twice is an error
 * @throws CbirError INVALID_ARGUMENT, DUPLICATE_UID (`details.uids`), ABORTED
 */
export function checkUids(uids: readonly string[], unique: boolean, signal?: AbortSignal): Promise<void> {
  const seen = new UidMap<true>()
  const check = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const uid = uids[i]!
      checkUid(uid, i)
      if (!unique) continue
      if (!seen.add(uid, true)) throw duplicateUidError(uid)
    }
  }
  return inSlices(uids.length, 512, check, signal)
}
