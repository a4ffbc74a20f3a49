// C++ programs of the tests, compiled from source: a native part by itself, where a sanitizer, valgrind or an emulator can watch it.

import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const kit = new URL('../packages/native-kit/native/', import.meta.url)
/** As the addons are compiled (native-kit's addon-settings.gypi): no a·b + c in one step but where the code says so. */
const COMMON = ['-std=c++17', '-ffp-contract=off', '-pthread', `-I${fileURLToPath(new URL('include', kit))}`]

/** For code of our own: a warning is an error. */
export const STRICT: readonly string[] = ['-Wall', '-Wextra', '-Werror']

/** Whether these commands are there. */
export function hasCommands(...commands: string[]): boolean {
  try {
    for (const command of commands) execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** The files of a folder whose names match. */
export function filesIn(folder: URL, names: RegExp): string[] {
  const path = fileURLToPath(folder)
  return readdirSync(path)
    .filter((name) => names.test(name))
    .map((name) => join(path, name))
}

/** Sources of the kit that need no Node. */
export function kitSources(names: RegExp = /^(cpu|metric|kernels.*)\.cc$/): string[] {
  return filesIn(new URL('src/', kit), names)
}

/** The sources as objects in `directory`, in their order; as many are compiled at a time as there are cores. */
export async function compileObjects(compiler: string, flags: readonly string[], sources: readonly string[], directory: string): Promise<string[]> {
  mkdirSync(directory, { recursive: true })
  const objects = sources.map((source, i) => join(directory, `${i}-${basename(source, '.cc')}.o`))
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < sources.length) {
      const i = next++
      await run(compiler, [...COMMON, ...flags, '-c', sources[i]!, '-o', objects[i]!])
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  return objects
}

export interface NativeProgram {
  readonly compiler?: string | undefined
  /** For compiling and linking. */
  readonly flags: readonly string[]
  readonly sources: readonly string[]
  readonly libraries?: readonly string[] | undefined
  /** What runs the program where it does not run by itself: an emulator, valgrind. */
  readonly runner?: readonly string[] | undefined
}

/** Runs the program; rejects where it does not end with 0. Further variables are added to the environment. */
export type RunProgram = (args: readonly string[], environment?: Record<string, string>) => Promise<{ stdout: string; stderr: string }>

/** Compiles a program in a directory of its own, which `use` may write to, and removes that when `use` is over. */
export async function withProgram<T>(program: NativeProgram, use: (run: RunProgram, directory: string) => Promise<T>): Promise<T> {
  const { compiler = 'g++', flags, sources, libraries = [], runner = [] } = program
  const directory = mkdtempSync(join(tmpdir(), 'cbir-native-'))
  try {
    const objects = await compileObjects(compiler, flags, sources, join(directory, 'objects'))
    const file = join(directory, 'program')
    await run(compiler, [...COMMON, ...flags, ...objects, ...libraries, '-o', file])
    const [command = file, ...first] = [...runner, file]
    const start: RunProgram = (args, environment) =>
      run(command, [...first, ...args], { env: { ...process.env, ...environment }, maxBuffer: 1 << 26 })
    return await use(start, directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** What a program prints for these arguments; see `withProgram`. */
export function printedBy(program: NativeProgram, ...args: readonly string[]): Promise<string> {
  return withProgram(program, async (start) => (await start(args)).stdout)
}
