// Files of other programs: written of an index as it stood at one moment, beside the path and renamed.

import { mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CallOptions } from '../component/call-options.ts'
import type { OpenContainer } from '../component/directory-container.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { toCbirError } from '../errors/wrap-error.ts'
import { readSavedIndex, type SavedIndex } from '../nearest-neighbors-index/index-files.ts'
import type { NearestNeighborsIndex, Persistable } from '../nearest-neighbors-index/nearest-neighbors-index.ts'
import { directoryContainer } from './container/directory-container.ts'
import { machineStorage } from './storage/storage.ts'

/** An index as it stood when it was saved: names and the driver's files belong together. */
export interface IndexSnapshot extends SavedIndex {
  /** The driver's own files, by the names that it gave them. */
  readonly container: OpenContainer
}

/** @throws CbirError INVALID_ARGUMENT */
export function checkFilePath(path: string): void {
  if (typeof path === 'string' && path !== '' && !path.includes('\0')) return
  throw new CbirError('INVALID_ARGUMENT', 'The path of a file must be a string that is not empty.')
}

/**
 * Writes an index as a file of another program. `write` makes that file at `to`, where nothing is yet, from a snapshot; then it is brought to the
 * device and renamed, so that `path` holds the old file or the new one, whole. The index may change meanwhile.
 * @throws CbirError INVALID_ARGUMENT, EMPTY_INDEX (never built, or emptied), IO_FAILED, ABORTED, and what `write` throws
 */
export async function writeForeignFile<T>(
  index: NearestNeighborsIndex & Persistable,
  path: string,
  write: (snapshot: IndexSnapshot, to: string) => Promise<T>,
  { signal }: CallOptions = {},
): Promise<T> {
  checkFilePath(path)
  const folder = dirname(path)
  const beside = await mkdtemp(join(folder, '.cbir-')).catch((cause: unknown) => {
    throw toCbirError(cause, 'IO_FAILED', `Cannot write beside ${path}`)
  })
  try {
    const to = join(beside, 'file')
    const made = await withSnapshot(index, join(beside, 'index'), { signal }, (snapshot) => write(snapshot, to))
    const { files } = machineStorage
    const file = await files.open(to, 'update')
    try {
      await file.sync()
    } finally {
      await file.close()
    }
    await files.rename(to, path)
    await files.syncDirectory(folder)
    return made
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
}

async function withSnapshot<T>(
  index: NearestNeighborsIndex & Persistable,
  directory: string,
  options: CallOptions,
  use: (snapshot: IndexSnapshot) => Promise<T>,
): Promise<T> {
  await index.save(directory, options)
  const container = await directoryContainer.open(directory, options)
  if (!container) throw new CbirError('IO_FAILED', `What was written to ${directory} is not there any more.`)
  try {
    const saved = await readSavedIndex(container, directory, options)
    if (saved.live.count === 0) throw new CbirError('EMPTY_INDEX', `The ${index.name} holds no vectors, so there is nothing to write.`)
    return await use({ ...saved, container })
  } finally {
    await container.close()
  }
}
