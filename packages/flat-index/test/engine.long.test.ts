// The engine compiled with AddressSanitizer and UBSan: every case, with every instruction set of this processor.

import { describe, expect, test } from 'vitest'
import { hasCommands, printedBy } from '../../../tooling/compile-native.ts'
import { engineProgram } from './support/engine.ts'

describe.skipIf(!hasCommands('g++'))('on this machine', () => {
  test('every answer is exact, and memory is not misused', { timeout: 900_000 }, async () => {
    const program = engineProgram(['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'])
    expect(await printedBy(program, '3')).toMatch(/^\d{6,} answers are exact on plain/)
  })
})
