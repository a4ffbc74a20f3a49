// Directories that were tampered with: what opens them says so with a typed error, or still has what was saved.

import { CbirError } from '@cbir/core'
import { ok, same, show } from './check.ts'
import type { Scope } from './suite.ts'
import { filesBelow } from './temporary-directory.ts'

/** What stands in a file that somebody put in the place of another. */
const FOREIGN = '<!doctype html><title>something else</title>'

/** Opens a directory and compares what it holds with what was saved; rejects with the error of opening. `what` names the state of the directory. */
export type OpensWhole = (what: string) => Promise<unknown>

/** Opens the directory: a typed error, which it gives, or what was saved. */
async function opensOrSays(opensWhole: OpensWhole, what: string): Promise<CbirError | undefined> {
  try {
    await opensWhole(`a directory with ${what}`)
    return undefined
  } catch (error) {
    if (!CbirError.isInstance(error)) throw error
    ok(error.code === 'CORRUPT_DATA' || error.code === 'IO_FAILED', `${what} gives CORRUPT_DATA; it gave ${show(error)}`)
    return error
  }
}

type Damage = readonly [what: string, bytes: Uint8Array]

/** A file that is cut, that holds something else, or of which a byte was changed. */
function everyDamage(whole: Uint8Array, { random }: Scope): Damage[] {
  const anywhere = (): number => random.integer(Math.max(1, whole.length))
  return [
    ['an empty file', whole.subarray(0, 0)],
    ['half a file', whole.subarray(0, whole.length >> 1)],
    ['a file that lost its last byte', whole.subarray(0, -1)],
    ...otherContent(),
    ...[0, whole.length >> 1, whole.length - 1, anywhere(), anywhere()].map(
      (at): Damage => [`byte ${at} changed`, Uint8Array.from(whole, (byte, i) => (i === at ? byte ^ 0x41 : byte))],
    ),
  ]
}

/** The one damage for what keeps a log: of one that is cut it may keep the beginning. */
export function otherContent(): Damage[] {
  return [['a foreign file', new TextEncoder().encode(FOREIGN)]]
}

/** Damages each file of the directory, one after another and in every way; then the directory opens as it was. */
export async function tellsDamage(
  scope: Scope,
  directory: string,
  opensWhole: OpensWhole,
  damagesOf: (whole: Uint8Array, scope: Scope) => readonly Damage[] = everyDamage,
): Promise<void> {
  const { readFile, writeFile } = await import('node:fs/promises')
  let noticed = 0
  for (const file of await filesBelow(directory)) {
    const whole = await readFile(file)
    for (const [what, bytes] of damagesOf(whole, scope)) {
      await writeFile(file, bytes)
      if (await opensOrSays(opensWhole, `${what} (${file.slice(directory.length + 1)})`)) noticed++
    }
    await writeFile(file, whole)
  }
  ok(noticed > 0, 'at least one damage is noticed')
  same(await opensOrSays(opensWhole, 'its files put back'), undefined, 'error of the undamaged directory')
}

/** A directory of something else does not open, and is left alone. */
export async function refusesForeignDirectory(directory: string, opensWhole: OpensWhole): Promise<void> {
  const { readFile, writeFile } = await import('node:fs/promises')
  const file = `${directory}/CURRENT`
  await writeFile(file, 'not a generation\n')
  ok(await opensOrSays(opensWhole, 'a foreign CURRENT'), 'a foreign directory does not open')
  same(await readFile(file, 'utf8'), 'not a generation\n', 'the foreign file')
}
