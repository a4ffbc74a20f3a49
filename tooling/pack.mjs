// Packs every package as it would be published; the checks of packed packages share one packing.

import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun, root } from './run.mjs'
import { packagesIn } from './workspace.mjs'

/** @typedef {import('./workspace.mjs').WorkspacePackage & { tarball: string }} PackedPackage */

/** @type {Promise<PackedPackage[]> | undefined} */
let packed

/** The packages of packages/ with their tarballs; they must have been built. */
export function packPackages() {
  packed ??= pack()
  return packed
}

async function pack() {
  const folder = join(root, 'node_modules', '.cache', 'packed')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const result = []
  for (const found of packagesIn('packages')) {
    const tarball = join(folder, `${found.folder.slice('packages/'.length)}.tgz`)
    await mustRun('pnpm', ['pack', '--out', tarball], { cwd: found.directory })
    result.push({ ...found, tarball })
  }
  return result
}
