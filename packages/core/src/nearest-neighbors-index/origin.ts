// Origin: which producer's vectors are these, and may they be compared with those.

import { CbirError } from '../errors/cbir-error.ts'
import type { VectorOrigin } from './nearest-neighbors-index.ts'

/** Vectors may be compared where producer or space agree, or where one side says nothing. */
export function originsFit(a: VectorOrigin, b: VectorOrigin): boolean {
  const unknown = (o: VectorOrigin): boolean => o.producer === undefined && o.space === undefined
  if (unknown(a) || unknown(b)) return true
  return (a.producer !== undefined && a.producer === b.producer) || (a.space !== undefined && a.space === b.space)
}

/** @throws CbirError FINGERPRINT_MISMATCH */
export function checkOrigin(stored: VectorOrigin, given: VectorOrigin | undefined, what: string): void {
  if (!given || originsFit(stored, given)) return
  throw new CbirError(
    'FINGERPRINT_MISMATCH',
    `The index holds vectors of ${describe(stored)}; ${what} are of ${describe(given)}. Such vectors cannot be compared: use the loader, extractor and options that built it, or build it again.`,
    { details: { stored, given } },
  )
}

function describe(origin: VectorOrigin): string {
  return [origin.producer && `producer ${origin.producer}`, origin.space && `space ${origin.space}`].filter(Boolean).join(', ')
}

/** The origin without absent fields. */
export function copyOrigin(origin: VectorOrigin | undefined): VectorOrigin {
  return {
    ...(origin?.producer === undefined ? {} : { producer: origin.producer }),
    ...(origin?.space === undefined ? {} : { space: origin.space }),
  }
}
