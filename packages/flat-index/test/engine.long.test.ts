// The engine compiled with AddressSanitizer and UBSan: every case, with every instruction set of this processor.

import { describe, expect, test } from 'vitest'
import { exists, runEngine } from './support/engine.ts'

describe.skipIf(!exists('g++'))('on this machine', () => {
  test('every answer is exact, and memory is not misused', { timeout: 900_000 }, async () => {
    const printed = await runEngine('g++', ['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'], 3)
    expect(printed).toMatch(/^\d{6,} answers are exact on plain/)
  })
})
