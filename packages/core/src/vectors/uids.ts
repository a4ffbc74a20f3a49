// Checks of uids: the names that items have.

import { CbirError } from '../errors/cbir-error.ts'
import { describeType } from './vector-batch.ts'

const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * A uid is a non-empty string of well-formed Unicode, so that it can be written to a file and read back the same.
 * @throws CbirError INVALID_ARGUMENT
 */
export function checkUid(uid: unknown, position: number): void {
  if (typeof uid !== 'string') throw new CbirError('INVALID_ARGUMENT', `uids[${position}] must be a string, got ${describeType(uid)}.`)
  if (uid === '') throw new CbirError('INVALID_ARGUMENT', `uids[${position}] is empty. Give every item a name.`)
  if (LONE_SURROGATE.test(uid)) {
    throw new CbirError('INVALID_ARGUMENT', `uids[${position}] holds half of a surrogate pair, which no file can store: ${JSON.stringify(uid)}.`)
  }
}

/** @throws CbirError DUPLICATE_UID */
export function duplicateUidError(uid: string): CbirError {
  return new CbirError('DUPLICATE_UID', `The uid ${JSON.stringify(uid)} occurs twice in one call. Give every item a name of its own.`, {
    details: { uids: [uid] },
  })
}

/** The error for uids that are not there; the message shows the first few. */
export function unknownUidError(owner: string, uids: readonly string[]): CbirError {
  const shown = uids.slice(0, 5).map((uid) => JSON.stringify(uid))
  const more = uids.length > 5 ? ` and ${uids.length - 5} more` : ''
  return new CbirError('UNKNOWN_UID', `${owner} does not hold ${shown.join(', ')}${more}. Nothing was changed.`, { details: { uids } })
}
