// The process that is killed: writes one version of an index after the other, and says before and after each what it does.

import { writeSync } from 'node:fs'
import type { Persistable } from '@cbir/core'
import { createSubject, items, subjectOf } from './subjects.ts'

export const KILL_ROWS = 600
export const KILL_DIMENSIONS = 64

/** Written at once, so that the parent knows what the process was doing when it died. */
function say(what: string): void {
  writeSync(1, `${what}\n`)
}

if (process.argv[2] === 'run') {
  const [name, directory, first] = process.argv.slice(3) as [string, string, string]
  // In memory, so that the only writes are the saves that are announced.
  const index = await createSubject(subjectOf(name))
  for (let version = Number(first); ; version++) {
    await index.build([items(version, KILL_ROWS, `${version}/`, KILL_DIMENSIONS)])
    say(`save ${version}`)
    const began = performance.now()
    await (index as unknown as Persistable).save(directory)
    say(`saved ${version} ${performance.now() - began}`)
  }
}
