// The check of a path that something is saved to or loaded from.

import { CbirError } from '../errors/cbir-error.ts'

/** @throws CbirError INVALID_ARGUMENT */
export function checkDirectory(directory: string, method: 'save' | 'load'): void {
  if (typeof directory !== 'string' || directory === '') throw new CbirError('INVALID_ARGUMENT', `${method} takes the path of a directory.`)
}
