// Builds native addons: `node tooling/native.mjs packages/hnsw-index …`, or all. The binary goes where the loader of native-kit looks,
// prebuilds/<platform>-<arch>/, and so into the package's tarball.

import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { main, mustRun, root, run } from './run.mjs'
import { packagesIn } from './workspace.mjs'

/** Node's own headers, where this Node was installed with them; elsewhere node-gyp fetches them. */
function headers() {
  const prefix = dirname(dirname(process.execPath))
  return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? [`--nodedir=${prefix}`] : []
}

/** @param {string} folder of a package with a binding.gyp */
async function buildAddon(folder) {
  const jobs = String(availableParallelism())
  const gyp = (/** @type {string[]} */ ...args) => mustRun('node-gyp', [...args, '--directory', folder, ...headers()])
  await gyp('configure')
  await gyp('build', '--release', '--jobs', jobs)
  const release = join(folder, 'build', 'Release')
  const target = join(folder, 'prebuilds', `${process.platform}-${process.arch}`)
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  for (const file of readdirSync(release)) {
    if (!file.endsWith('.node')) continue
    const built = join(release, file)
    const prebuilt = join(target, `${basename(file, '.node')}.napi.${libc()}node`)
    copyFileSync(built, prebuilt)
    // What stays in build/ would be loaded before what is shipped.
    rmSync(built)
    if (process.platform === 'linux') await run('strip', ['--strip-unneeded', prebuilt])
    console.log(relative(root, prebuilt))
  }
}

/** The C library is part of a binary's name on Linux, where there are two. */
function libc() {
  if (process.platform !== 'linux') return ''
  return existsSync('/etc/alpine-release') ? 'musl.' : 'glibc.'
}

await main(async () => {
  const named = process.argv.slice(2).map((folder) => resolve(folder))
  const all = packagesIn('packages').map(({ folder }) => join(root, folder))
  for (const folder of named.length > 0 ? named : all.filter((path) => existsSync(join(path, 'binding.gyp')))) await buildAddon(folder)
})
