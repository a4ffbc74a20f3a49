// Git holds sources only: nothing generated, nothing binary, nothing that names a registry's host or a place on one machine.

import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun, root } from '../run.mjs'

export const name = 'repository hygiene'

const generated = /(^|\/)(dist|out|coverage|node_modules|\.turbo|\.cache|prebuilds)\/|\.(tsbuildinfo|tgz|node|log)$/
const largest = 500_000
// Written with character classes, so that this file does not name what it looks for.
const told = [
  { what: "a registry's host", pattern: /\bregistry[.][a-z0-9-]+[.](?:org|com|dev|io|net)\b|\bverdaccio\b/i },
  { what: 'a path of one machine', pattern: /(?<![\w.~-])[/](?:work|tmp|root|home[/]\w+|Users[/]\w+)[/]/ },
]

export async function check() {
  // -co: what is tracked, and what a careless `git add` would track.
  const files = (await mustRun('git', ['ls-files', '-co', '--exclude-standard', '-z'])).split('\0').filter(Boolean)
  return files.flatMap((file) => fileProblems(file, statSync(join(root, file)).size, readFileSync(join(root, file))))
}

/** @param {string} file @param {number} size @param {Buffer} content @returns {string[]} */
export function fileProblems(file, size, content) {
  if (generated.test(file)) return [`${file} is generated: leave it out of git.`]
  if (size > largest) return [`${file} has ${size} bytes, more than ${largest}.`]
  if (content.subarray(0, 8000).includes(0)) return [`${file} is binary.`]
  const text = content.toString()
  return told.flatMap(({ what, pattern }) => {
    const match = pattern.exec(text)
    return match ? [`${file}:${text.slice(0, match.index).split('\n').length} names ${what}: ${match[0]}`] : []
  })
}
