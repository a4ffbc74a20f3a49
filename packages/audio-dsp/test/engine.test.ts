// The kernels compiled for AArch64, where an emulator runs it: NEON gives the same answers. A few lengths of each kind; more in engine.long.test.ts.

import { describe, expect, test } from 'vitest'
import { hasCommands, printedBy } from '../../../tooling/compile-native.ts'
import { engineProgram } from './support/engine-program.ts'

describe.skipIf(!hasCommands('aarch64-linux-gnu-g++', 'qemu-aarch64'))('on AArch64', () => {
  test('every answer is right, with NEON', { timeout: 300_000 }, async () => {
    const program = engineProgram(['-O1', '-static'], { compiler: 'aarch64-linux-gnu-g++', runner: ['qemu-aarch64'] })
    expect(await printedBy(program, '61')).toMatch(/^\d{3,} answers are right on plain neon$/m)
  })
})
