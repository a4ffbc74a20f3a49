// What the packed packages export resolves and agrees with its types, under every resolution that ESM has (publint, attw).

import { packPackages } from '../pack.mjs'
import { run } from '../run.mjs'

export const name = 'exports of the packed packages'

export async function check() {
  const problems = []
  for (const { tarball } of await packPackages()) {
    for (const [command, ...args] of [
      ['publint', '--strict', tarball],
      ['attw', '--profile', 'esm-only', '--no-color', '--no-emoji', tarball],
    ]) {
      const { code, log } = await run(/** @type {string} */ (command), args)
      if (code !== 0) problems.push(log)
    }
  }
  return problems
}
