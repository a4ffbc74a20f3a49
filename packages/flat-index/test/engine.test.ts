// The engine compiled for AArch64, where an emulator runs it: NEON answers every question exactly.

import { describe, expect, test } from 'vitest'
import { hasCommands, printedBy } from '../../../tooling/compile-native.ts'
import { engineProgram } from './support/engine.ts'

describe.skipIf(!hasCommands('aarch64-linux-gnu-g++', 'qemu-aarch64'))('on AArch64', () => {
  test('every answer is exact, with NEON', { timeout: 300_000 }, async () => {
    const program = engineProgram(['-O1', '-static'], { compiler: 'aarch64-linux-gnu-g++', runner: ['qemu-aarch64'] })
    expect(await printedBy(program, '61')).toMatch(/^\d{4,} answers are exact on plain neon$/m)
  })
})
