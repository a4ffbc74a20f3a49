// Making a directory with all its parents, durably.

import { dirname, resolve } from 'node:path'
import { CbirError } from '../../errors/cbir-error.ts'
import type { FileSystem } from './file-system.ts'
import { isErrno } from './io-fault.ts'

/**
 * Makes `directory` and what is missing above it; each new name is on the device on return.
 * @returns the directories that were made, the outermost first
 * @throws CbirError IO_FAILED (also where a file is in the way)
 */
export async function makeDirectories(files: FileSystem, directory: string): Promise<string[]> {
  const missing: string[] = []
  let at = resolve(directory)
  for (;;) {
    const facts = await files.stat(at)
    if (facts?.kind === 'directory') break
    if (facts) throw new CbirError('IO_FAILED', `${at} is a file; a directory was expected. Choose another place.`, { details: { path: at } })
    missing.unshift(at)
    at = dirname(at)
  }
  const made: string[] = []
  for (const path of missing) {
    try {
      await files.makeDirectory(path)
      made.push(path)
    } catch (error) {
      // Someone else was faster: as good as ours, but not ours to remove.
      if (!isErrno(error, 'EEXIST')) throw error
    }
    await files.syncDirectory(dirname(path))
  }
  return made
}
