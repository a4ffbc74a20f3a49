// What an operation on files fails with, as a CbirError that says what to do.

import { CbirError } from '../../errors/cbir-error.ts'

const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'Permission is denied: grant it, or choose another place.',
  EBUSY: 'Another program is using it: close that program and try again.',
  EDQUOT: 'The disk quota is used up: free some space and try again.',
  EEXIST: 'It exists already.',
  EFBIG: 'The file system does not allow a file of this size: choose another place.',
  EIO: 'The device reports a fault: check the disk and restore from a copy.',
  EISDIR: 'It is a directory; a file was expected.',
  ELOOP: 'Its symbolic links form a loop: repair the links.',
  EMFILE: 'This process has too many files open: close some, or raise the limit (ulimit -n).',
  ENAMETOOLONG: 'The name is too long: choose a shorter one.',
  ENFILE: 'The system has too many files open: close some, or raise its limit.',
  ENOENT: 'It does not exist: check the path.',
  ENOSPC: 'The disk is full: free some space and try again.',
  ENOTDIR: 'A part of the path is a file; a directory was expected.',
  ENOTEMPTY: 'The directory is not empty.',
  EPERM: 'The operation is not permitted: check owner and attributes, or choose another place.',
  EROFS: 'The file system is read-only: choose another place.',
}

/**
 * The error for a failed operation: `NOT_FOUND` where the thing does not exist, else `IO_FAILED`. `details` are `{ path, errno }`.
 * A `CbirError` comes back as it is.
 * @param doing what was tried, e.g. `write`
 */
export function ioFault(error: unknown, doing: string, path: string): CbirError {
  if (CbirError.isInstance(error)) return error
  const errno = (error as { code?: unknown } | null)?.code
  const name = typeof errno === 'string' ? errno : 'unknown'
  const said = error instanceof Error ? error.message : String(error)
  return new CbirError(name === 'ENOENT' ? 'NOT_FOUND' : 'IO_FAILED', `Could not ${doing} ${path}. ${REMEDIES[name] ?? `The system said: ${said}`}`, {
    cause: error,
    details: { path, errno: name },
  })
}

/** Runs an operation on files; what it throws goes through {@link ioFault}. */
export async function withFaults<T>(doing: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw ioFault(error, doing, path)
  }
}

/** Whether an error is that of the system's `errno`, e.g. `EEXIST`. */
export function isErrno(error: unknown, errno: string): boolean {
  return CbirError.isInstance(error) && error.details.errno === errno
}
