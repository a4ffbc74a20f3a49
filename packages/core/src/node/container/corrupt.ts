// The error for what is on the disk but is not what was written.

import { CbirError } from '../../errors/cbir-error.ts'

/** CORRUPT_DATA that names the file or directory. @param what completes "… is damaged:" */
export function corrupt(path: string, what: string, cause?: unknown): CbirError {
  return new CbirError('CORRUPT_DATA', `${path} is damaged or not ours: ${what}. Restore it from a copy, or remove it and build again.`, {
    ...(cause === undefined ? {} : { cause }),
    details: { path },
  })
}
