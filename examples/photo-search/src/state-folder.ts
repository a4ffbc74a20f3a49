// The state of one folder: what was computed for its pictures, and the last answer. It lives in the cache, never in the folder itself.

import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** Where the state of `folder` is kept, the same whatever way the folder is named. */
export async function stateFolder(cache: string, folder: string): Promise<string> {
  const real = await realpath(folder)
  const name = basename(real).replace(/[^\w.-]+/g, '_')
  return join(cache, `${name}-${createHash('sha256').update(real).digest('hex').slice(0, 12)}`)
}
