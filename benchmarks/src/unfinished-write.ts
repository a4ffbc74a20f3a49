// Whether a killed process left a write behind.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Whether something lies in the directory of a container that the current generation does not account for. */
export async function hasUnfinishedWrite(directory: string): Promise<boolean> {
  const names = await readdir(directory).catch(() => [])
  const current = await readFile(join(directory, 'CURRENT'), 'utf8').catch(() => '')
  return names.some((name) => name !== 'CURRENT' && !name.includes('lock') && !current.includes(name))
}
