// Finding the pictures of a folder, in all of its folders.

import { type CallOptions, CbirError } from '@cbir/core'
import { type FileItem, fileTree } from '@cbir/core/node'
import type { Screen } from './screen.ts'

const ENDINGS = ['jpg', 'jpeg', 'png', 'webp', 'gif', 'tif', 'tiff', 'avif']

/** What could not be used, and why. */
export interface BadFile {
  readonly id: string
  readonly reason: string
}

/**
 * The pictures, sorted by their path below the folder. What cannot be read is added to `bad`.
 * @throws CbirError NOT_FOUND where there is no such folder, or no picture in it
 */
export async function findPictures(folder: string, bad: BadFile[], { signal }: CallOptions): Promise<FileItem[]> {
  const onSkip = ({ id, cause }: { id: string; cause: Error }): void => void bad.push({ id, reason: cause.message })
  const pictures: FileItem[] = []
  for await (const picture of fileTree(folder, { include: ENDINGS, onError: 'skip', onSkip }).items({ signal })) pictures.push(picture)
  if (pictures.length > 0) return pictures
  throw new CbirError('NOT_FOUND', `There are no pictures in ${folder}. Give a folder with files that end in ${ENDINGS.join(', ')}.`)
}

/** Names go through JSON, so that a newline in one does not look like a second file. */
export function listBadFiles(bad: readonly BadFile[], screen: Screen): void {
  if (bad.length > 0) screen.line(`${bad.length} ${bad.length === 1 ? 'file' : 'files'} could not be used:`)
  for (const { id, reason } of bad) screen.line(`  ${JSON.stringify(id)}: ${reason}`)
}
