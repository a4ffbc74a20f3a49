// What every kind of descriptor element does with a vector that it is given.

import { CbirError } from '../errors/cbir-error.ts'
import { allFinite, notFiniteError } from '../vectors/finite.ts'
import { describeType } from '../vectors/vector-batch.ts'

/** A checked copy of a vector, or null. @throws CbirError INVALID_ARGUMENT, NOT_FINITE */
export function takeVector(uid: string, vector: Float32Array | null): Float32Array | null {
  if (vector === null) return null
  if (describeType(vector) !== 'Float32Array' || vector.length === 0) {
    throw new CbirError(
      'INVALID_ARGUMENT',
      `The vector of ${JSON.stringify(uid)} must be a Float32Array of at least one number, or null to clear it.`,
    )
  }
  const own = Float32Array.from(vector)
  if (!allFinite(own)) throw notFiniteError(own, own.length, 0, own.length, () => `The vector of ${JSON.stringify(uid)}`)
  return own
}

export function noVectorError(uid: string): CbirError {
  return new CbirError('NO_VECTOR', `The descriptor ${JSON.stringify(uid)} has no vector. Compute it first, or leave it out.`, {
    details: { uids: [uid] },
  })
}
