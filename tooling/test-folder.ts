// Where tests keep their files: in memory where there is room, as thousands of small saves would wait for the disk otherwise. Vitest runs this
// once before all tests; temporary folders of the tests and of what they start are then made there.

import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
const PREFIX = 'cbir-tests-'
/** Bytes that must be free there, and of memory: several times what the tests ever have there at once. */
const ROOM = 4 * 2 ** 30
/** Set by hand it keeps everything there: `CBIR_TEST_DISK=$PWD/somewhere npm test`. */
const ON_DISK = 'CBIR_TEST_DISK'

/** The folder for temporary folders of a test that is about the disk: of what it keeps when a process is killed. */
export function diskFolder(): string {
  return process.env[ON_DISK] ?? tmpdir()
}

export default function chooseFolder(): (() => void) | undefined {
  if (process.env[ON_DISK] !== undefined) {
    process.env['TMPDIR'] = process.env[ON_DISK]
    return undefined
  }
  const folder = folderInMemory()
  if (folder === undefined) return undefined
  process.env[ON_DISK] = tmpdir()
  process.env['TMPDIR'] = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}

/** A new folder in memory that can hold what the tests write, and whose programs may be run; undefined where there is none. */
function folderInMemory(): string | undefined {
  if (process.platform !== 'linux') return undefined
  let folder: string | undefined
  try {
    sweep()
    const { bavail, bsize } = statfsSync(MEMORY)
    if (bavail * bsize < ROOM || process.availableMemory() < ROOM) return undefined
    folder = mkdtempSync(join(MEMORY, `${PREFIX}${process.pid}-`))
    const program = join(folder, 'program')
    writeFileSync(program, '#!/bin/sh\n')
    chmodSync(program, 0o700)
    execFileSync(program)
    rmSync(program)
    return folder
  } catch {
    // Not there, not ours to write to, or mounted so that nothing can be run from it.
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    return undefined
  }
}

/** Removes what runs left that were killed: those whose process is gone, and an hour later, should it only be one that is not seen from here. */
function sweep(): void {
  for (const name of readdirSync(MEMORY)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]
    const folder = join(MEMORY, name)
    if (pid !== undefined && !existsSync(`/proc/${pid}`) && Date.now() - statSync(folder).mtimeMs > 3_600_000) rmSync(folder, { recursive: true })
  }
}
