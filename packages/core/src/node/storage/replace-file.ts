// Replacing a file whole: written beside, brought to the device, renamed over the old one.

import { dirname } from 'node:path'
import type { FileSystem, OpenFile } from './file-system.ts'

/**
 * Gives `path` the content that `fill` writes; a crash at any moment leaves the old content or the new one. `beside` is the file that it is
 * written to first, in the same directory; what an interrupted call left there is overwritten. A failure leaves the old content.
 * @throws CbirError IO_FAILED, and what `fill` throws
 */
export async function replaceFile(files: FileSystem, path: string, beside: string, fill: (file: OpenFile) => Promise<void>): Promise<void> {
  await files.removeTree(beside)
  const file = await files.open(beside, 'create')
  try {
    try {
      await fill(file)
      await file.sync()
    } finally {
      await file.close()
    }
    await files.rename(beside, path)
  } catch (error) {
    await files.removeTree(beside).catch(() => undefined)
    throw error
  }
  await files.syncDirectory(dirname(path))
}
