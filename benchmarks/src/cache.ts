// Files that benchmarks make once and use again: below node_modules, named by what they were made from.

import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/cbir-benchmarks')

/**
 * The path of a file (or folder) that `make` writes, unless it is there already. `key`: everything that its content depends on; where that has
 * changed, what was made from the old is deleted.
 */
export async function cached(name: string, key: readonly (string | number | Uint8Array)[], make: (path: string) => Promise<void>): Promise<string> {
  const hash = createHash('sha256')
  for (const part of key) hash.update(typeof part === 'number' ? String(part) : part).update('\0')
  const path = join(CACHE, `${name}-${hash.digest('hex').slice(0, 16)}`)
  if (existsSync(path)) return path
  await mkdir(CACHE, { recursive: true })
  const unfinished = `${path}.${randomUUID()}`
  try {
    await make(unfinished)
    for (const file of await readdir(CACHE)) {
      const isOlder = file.startsWith(`${name}-`) && /^[0-9a-f]{16}$/.test(file.slice(name.length + 1))
      if (isOlder) await rm(join(CACHE, file), { recursive: true, force: true })
    }
    await rename(unfinished, path)
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return path
}
