// The kernels compiled with AddressSanitizer and UBSan, and under valgrind: lengths of every kind, with every instruction set of this processor, and under an emulator with NEON.

import { describe, expect, test } from 'vitest'
import { hasCommands, printedBy } from '../../../tooling/compile-native.ts'
import { engineProgram } from './support/engine-program.ts'

describe.skipIf(!hasCommands('g++', 'valgrind'))('on this machine', () => {
  test('sanitizers: every answer is right, and memory is not misused', { timeout: 900_000 }, async () => {
    const program = engineProgram(['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'])
    expect(await printedBy(program, '1')).toMatch(/^\d{4,} answers are right on plain/)
  })

  test('valgrind: nothing is read that was not written', { timeout: 900_000 }, async () => {
    const program = engineProgram(['-O1', '-g1'], { runner: ['valgrind', '-q', '--error-exitcode=9'] })
    expect(await printedBy(program, '7')).toMatch(/answers are right/)
  })
})

describe.skipIf(!hasCommands('aarch64-linux-gnu-g++', 'qemu-aarch64'))('on AArch64', () => {
  test('every answer is right, with NEON', { timeout: 900_000 }, async () => {
    const program = engineProgram(['-O1', '-static'], { compiler: 'aarch64-linux-gnu-g++', runner: ['qemu-aarch64'] })
    expect(await printedBy(program, '7')).toMatch(/^\d{3,} answers are right on plain neon$/m)
  })
})
