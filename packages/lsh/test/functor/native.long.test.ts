// Training and hashing as a program of their own: under the sanitizers, and on AArch64, where an emulator runs it.

import { expect, test } from 'vitest'
import { filesIn, hasCommands, kitSources, STRICT, withProgram } from '../../../../tooling/compile-native.ts'

const native = new URL('../../native/functor/', import.meta.url)
const sources = [...filesIn(native, /^(?!functor_addon).*\.cc$/), ...filesIn(new URL('test/', native), /\.cc$/), ...kitSources(/^(cpu|task)\.cc$/)]

test.each(
  [
    { name: 'address,undefined', compiler: 'g++', flags: ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'], most: 520, runner: [] },
    { name: 'thread', compiler: 'g++', flags: ['-fsanitize=thread'], most: 100, runner: [] },
    { name: 'AArch64', compiler: 'aarch64-linux-gnu-g++', flags: ['-static'], most: 64, runner: ['qemu-aarch64'] },
  ].filter(({ compiler, runner }) => hasCommands(compiler, ...runner)),
)(
  'is right and clean: $name',
  async ({ compiler, flags, most, runner }) => {
    const program = { compiler, runner, flags: [...STRICT, '-O1', '-g1', ...flags], sources }
    const { stdout, stderr } = await withProgram(program, (run) => run([String(most)]))
    expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/^\d{5,} checks are right\n$/), stderr: '' })
  },
  900_000,
)
