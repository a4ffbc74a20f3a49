// The C++ program that checks the kernels beside sums as they are defined, compiled from source.

import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const native = fileURLToPath(new URL('../../native', import.meta.url))
const kit = fileURLToPath(new URL('../../../native-kit/native', import.meta.url))
const files = (folder: string, pattern: RegExp): string[] =>
  readdirSync(folder)
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name))
const sources = [...files(native, /^(?!addon|wasm).*\.cc$/), join(native, 'test', 'engine_test.cc'), join(kit, 'src', 'cpu.cc')]
const common = ['-std=c++17', '-ffp-contract=off', '-Wall', '-Wextra', '-Werror', '-Wno-psabi', `-I${join(kit, 'include')}`]

/**
 * Compiles the program on all cores and runs it by `runner` (an emulator, valgrind), if any. `every`: of all cases every so manieth. Gives what it printed.
 * @throws where an answer is wrong, or memory is misused under a sanitizer
 */
export async function runEngine(compiler: string, flags: readonly string[], every: number, runner: readonly string[] = []): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), 'cbir-dsp-engine-'))
  try {
    const waiting = [...sources]
    const objects: string[] = []
    const worker = async (): Promise<void> => {
      for (let source = waiting.shift(); source !== undefined; source = waiting.shift()) {
        const object = join(work, `${basename(source, '.cc')}.o`)
        objects.push(object)
        await run(compiler, [...common, ...flags, '-c', source, '-o', object])
      }
    }
    await Promise.all(Array.from({ length: availableParallelism() }, worker))
    const program = join(work, 'engine')
    await run(compiler, [...flags, ...objects, '-o', program, '-pthread'])
    const [command = program, ...before] = runner
    const args = command === program ? [String(every)] : [...before, program, String(every)]
    return (await run(command, args)).stdout
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
