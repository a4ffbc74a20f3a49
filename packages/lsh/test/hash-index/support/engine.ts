// The C++ program that checks the engine of the hash indexes against a full sort, compiled from source.

import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const engine = fileURLToPath(new URL('../../../native/hash-index', import.meta.url))
const kit = fileURLToPath(new URL('../../../../native-kit/native', import.meta.url))
const sources = [
  ...readdirSync(engine)
    .filter((name) => /^(?!.*addon).*\.cc$/.test(name))
    .map((name) => join(engine, name)),
  join(engine, 'test', 'engine_test.cc'),
  join(kit, 'src', 'cpu.cc'),
]

/** Compiles the program and runs it, where wanted by an emulator; gives what it printed. @throws where an answer is wrong, or memory is misused under a sanitizer */
export async function runEngine(compiler: string, flags: readonly string[], rounds: number, emulator?: string): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), 'cbir-hash-engine-'))
  try {
    const file = join(work, 'engine')
    await run(compiler, ['-std=c++17', '-Wall', '-Wextra', '-Werror', `-I${join(kit, 'include')}`, ...flags, ...sources, '-o', file, '-pthread'])
    const { stdout } = await (emulator === undefined ? run(file, [`${rounds}`]) : run(emulator, [file, `${rounds}`]))
    return stdout
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Whether these commands are there. */
export function exists(...commands: string[]): boolean {
  try {
    for (const command of commands) execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
