// The error of every store that is asked to change and may not.

import { CbirError } from './cbir-error.ts'

export function readOnlyError(owner: string): CbirError {
  return new CbirError('READ_ONLY', `${owner} is read-only. Open it for writing, or write to another one.`)
}
