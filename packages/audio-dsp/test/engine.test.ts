// The kernels compiled for AArch64, where an emulator runs it: NEON gives the same answers.

import { describe, expect, test } from 'vitest'
import { exists, runEngine } from './support/compiled.ts'

describe.skipIf(!exists('aarch64-linux-gnu-g++', 'qemu-aarch64'))('on AArch64', () => {
  test('every answer is right, with NEON', { timeout: 300_000 }, async () => {
    expect(await runEngine('aarch64-linux-gnu-g++', ['-O1', '-static'], 13, ['qemu-aarch64'])).toMatch(/^\d{3,} answers are right on plain neon$/m)
  })
})
