// A directory for one case, deleted afterwards. Node is loaded only where a suite really writes files.

import type { Scope } from './suite.ts'

/** Makes an empty directory that is deleted when the case has ended. */
export async function temporaryDirectory(scope: Scope): Promise<string> {
  const [{ mkdtemp, rm }, { tmpdir }, { join }] = await Promise.all([import('node:fs/promises'), import('node:os'), import('node:path')])
  const directory = await mkdtemp(join(tmpdir(), 'cbir-conformance-'))
  scope.defer(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** The files below a directory, as absolute paths. */
export async function filesBelow(directory: string): Promise<string[]> {
  const [{ readdir }, { join }] = await Promise.all([import('node:fs/promises'), import('node:path')])
  const entries = await readdir(directory, { withFileTypes: true, recursive: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name))
}
