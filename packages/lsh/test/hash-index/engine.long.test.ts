// The engine of the hash indexes by itself: under the sanitizers with every instruction set of this processor, and with NEON where an emulator runs it.

import { describe, expect, test } from 'vitest'
import { exists, runEngine } from './support/engine.ts'

describe.skipIf(!exists('g++'))('on this machine', () => {
  test.each(['address,undefined', 'thread'])('every answer is exact, and %s sanitizers find nothing', { timeout: 900_000 }, async (sanitizers) => {
    const flags = ['-O1', '-g1', `-fsanitize=${sanitizers}`, '-fno-sanitize-recover=all']
    expect(await runEngine('g++', flags, 1)).toMatch(/^\d{5,} answers are exact on plain/)
  })
})

describe.skipIf(!exists('aarch64-linux-gnu-g++', 'qemu-aarch64'))('on AArch64', () => {
  test('every answer is exact, with NEON', { timeout: 900_000 }, async () => {
    expect(await runEngine('aarch64-linux-gnu-g++', ['-O2', '-static'], 1, 'qemu-aarch64')).toMatch(/^\d{4,} answers are exact on plain neon$/m)
  })
})
