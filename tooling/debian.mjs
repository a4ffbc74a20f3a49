// What the tests need beside npm's packages: the Debian packages of debian-packages.json, installed where that is allowed.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findBrowser } from './browser.mjs'
import { root, run, StepError, step } from './run.mjs'

/** Makes sure that the system has what the tests need; where it may not be installed, the error is the one line to run. */
export async function installSystemPackages() {
  if (await lacks('apt-get')) {
    if (!findBrowser()) throw new StepError('The tests need Chromium or Chrome: install one, or set CHROME_PATH to it.', '')
    return
  }
  const missing = await missingPackages()
  if (missing.length === 0) return
  const isRoot = process.getuid?.() === 0
  const remedy = `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`
  if (!isRoot && (await lacks('sudo', '-n', 'true'))) {
    throw new StepError(`The tests need Debian packages that only an administrator can install. Run: ${remedy}`, '')
  }
  const apt = (/** @type {string[]} */ ...args) => {
    // Set by `env` and not by our own environment, which sudo does not pass on.
    const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=300', ...args]
    return isRoot ? run('env', command.slice(1)) : run('sudo', ['-n', ...command])
  }
  await step(`Installing Debian packages (${missing.join(', ')})`, async () => {
    const install = ['install', '-y', '--no-install-recommends', ...missing]
    // The lists of packages may be absent or too old: only then are they fetched.
    let last = await apt(...install)
    if (last.code !== 0) {
      await apt('update')
      last = await apt(...install)
    }
    if (last.code !== 0) throw new StepError(`The Debian packages could not be installed. Run: ${remedy}`, last.log)
  })
}

/** The listed packages that dpkg does not know as installed. */
async function missingPackages() {
  /** @type {string[]} */
  const wanted = JSON.parse(readFileSync(join(root, 'tooling', 'debian-packages.json'), 'utf8'))
  const states = await Promise.all(wanted.map((name) => run('dpkg', ['-s', name])))
  return wanted.filter((_, i) => !states[i]?.log.includes('Status: install ok installed'))
}

/** @param {string} command @param {string[]} args */
async function lacks(command, ...args) {
  const { code } = await run(command, args.length > 0 ? args : ['--version'])
  return code !== 0
}
