// Directories of a test file, which are gone when it is over.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const directories: string[] = []

/** A new, empty directory. */
export async function directory(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'cbir-lsh-test-'))
  directories.push(made)
  return made
}

afterAll(async () => {
  for (const made of directories) await rm(made, { recursive: true, force: true })
})
