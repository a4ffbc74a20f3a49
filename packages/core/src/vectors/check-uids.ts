// The checks of uids that every store and index makes alike.

import { inSlices } from '../concurrency/in-slices.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { describeType } from './vector-batch.ts'

/** @throws CbirError INVALID_ARGUMENT unless `uid` is a string that is not empty */
export function checkUid(uid: string, what = 'a uid'): void {
  if (typeof uid !== 'string' || uid === '') {
    throw new CbirError('INVALID_ARGUMENT', `${what} must be a string that is not empty, got ${uid === '' ? 'an empty string' : describeType(uid)}.`)
  }
}

/** The caller's list as an array of our own. @throws CbirError INVALID_ARGUMENT for a value that is no list */
export function copyUids(uids: Iterable<string>, what = 'uids'): string[] {
  if (typeof uids !== 'object' || uids === null || !(Symbol.iterator in uids)) {
    throw new CbirError('INVALID_ARGUMENT', `${what} must be a list of strings, got ${describeType(uids)}. Put a single one into an array.`)
  }
  return [...uids]
}

/**
 * Checks every uid of a list, in slices.
 * @param seen where given, uids must also be new to it; they are added to it
 * @throws CbirError INVALID_ARGUMENT, DUPLICATE_UID (`details.uids`)
 */
export function checkUids(uids: readonly string[], seen?: Set<string>, signal?: AbortSignal): Promise<void> {
  return inSlices(
    uids.length,
    1024,
    (from, to) => {
      for (let i = from; i < to; i++) {
        const uid = uids[i]!
        checkUid(uid, `uids[${i}]`)
        if (seen?.has(uid)) throw duplicateUidError(uid)
        seen?.add(uid)
      }
    },
    signal,
  )
}

export function duplicateUidError(uid: string): CbirError {
  return new CbirError('DUPLICATE_UID', `${JSON.stringify(uid)} occurs twice in one call. Give every uid once.`, { details: { uids: [uid] } })
}

/** The error for uids that are not there. */
export function unknownUidError(owner: string, uids: readonly string[]): CbirError {
  const shown = uids.slice(0, 5).map((uid) => JSON.stringify(uid))
  const more = uids.length > shown.length ? ` and ${uids.length - shown.length} more` : ''
  return new CbirError('UNKNOWN_UID', `${owner} does not have ${shown.join(', ')}${more}. Ask for what it has; nothing was changed.`, {
    details: { uids },
  })
}
