// The engine compiled for AArch64, where an emulator runs it: NEON answers every question exactly.

import { describe, expect, test } from 'vitest'
import { exists, runEngine } from './support/engine.ts'

describe.skipIf(!exists('aarch64-linux-gnu-g++', 'qemu-aarch64'))('on AArch64', () => {
  test('every answer is exact, with NEON', { timeout: 300_000 }, async () => {
    expect(await runEngine('aarch64-linux-gnu-g++', ['-O1', '-static'], 61, 'qemu-aarch64')).toMatch(/^\d{4,} answers are exact on plain neon$/m)
  })
})
