// Set-up on a machine with only Node and git: installs the dependencies when they are missing or out of date.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun, root, StepError, step } from './run.mjs'
import { packagesIn, readJson } from './workspace.mjs'

// Written after an installation: which manifests it was made from.
const stamp = join(root, 'node_modules', '.installed-from')

/** Makes sure that the dependencies are there, as the lockfile says. */
export async function setUp() {
  checkNode()
  const wanted = fingerprintOfManifests()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  await step('Installing packages', async () => {
    // CI: pnpm asks no questions.
    await mustRun(...pnpmCommand(['install', '--frozen-lockfile']), { env: { CI: 'true' } })
    writeFileSync(stamp, wanted)
  })
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) throw new StepError(`Node 20.19 or newer is needed; this is ${process.version}.`, '')
}

/** Manifests and lockfile decide what node_modules holds. Their content counts, not their times, which a checkout changes. */
function fingerprintOfManifests() {
  const folders = ['', 'benchmarks', ...[...packagesIn('packages'), ...packagesIn('examples')].map(({ folder }) => folder)]
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...folders.map((folder) => join(folder, 'package.json'))]
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

/**
 * The pinned pnpm: the one in node_modules if it is there already, else fetched by npm.
 * @param {string[]} args @returns {[command: string, args: string[]]}
 */
function pnpmCommand(args) {
  const pinned = readJson(join(root, 'package.json')).packageManager
  const local = join(root, 'node_modules', 'pnpm', 'package.json')
  const hasPinned = existsSync(local) && `pnpm@${readJson(local).version}` === pinned
  return hasPinned ? ['pnpm', args] : ['npx', ['-y', pinned, ...args]]
}
