// Training and hashing as a program of their own: under the sanitizers, and on AArch64, where an emulator runs it.

import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const native = fileURLToPath(new URL('../../native/functor', import.meta.url))
const kit = fileURLToPath(new URL('../../../native-kit/native', import.meta.url))
let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lsh-functor-'))
})
afterAll(() => rm(directory, { recursive: true }))

async function sources(folder: string, wanted: RegExp): Promise<string[]> {
  return (await readdir(folder)).filter((name) => wanted.test(name)).map((name) => join(folder, name))
}

function exists(...commands: string[]): boolean {
  try {
    for (const command of commands) execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test.each(
  [
    { name: 'address,undefined', compiler: 'g++', flags: ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'], most: 520, emulator: [] },
    { name: 'thread', compiler: 'g++', flags: ['-fsanitize=thread'], most: 100, emulator: [] },
    { name: 'AArch64', compiler: 'aarch64-linux-gnu-g++', flags: ['-static'], most: 64, emulator: ['qemu-aarch64'] },
  ].filter(({ compiler, emulator }) => exists(compiler, ...emulator)),
)(
  'is right and clean: $name',
  async ({ name, compiler, flags, most, emulator }) => {
    const files = [
      ...(await sources(native, /^(?!functor_addon).*\.cc$/)),
      ...(await sources(join(native, 'test'), /\.cc$/)),
      ...(await sources(join(kit, 'src'), /^(cpu|task)\.cc$/)),
    ]
    const program = join(directory, name)
    const common = ['-std=c++17', '-O1', '-g1', '-Wall', '-Wextra', '-Werror', '-ffp-contract=off', '-pthread', `-I${join(kit, 'include')}`]
    await run(compiler, [...common, ...flags, ...files, '-o', program])
    const [command, ...rest] = [...emulator, program, String(most)]
    const { stdout, stderr } = await run(command!, rest)
    expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/^\d{5,} checks are right\n$/), stderr: '' })
  },
  900_000,
)
