// The kernels compiled with AddressSanitizer and UBSan, and under valgrind: lengths of every kind, with every instruction set of this processor.

import { describe, expect, test } from 'vitest'
import { exists, runEngine } from './support/compiled.ts'

describe.skipIf(!exists('g++', 'valgrind'))('on this machine', () => {
  test('sanitizers: every answer is right, and memory is not misused', { timeout: 900_000 }, async () => {
    const printed = await runEngine('g++', ['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'], 1)
    expect(printed).toMatch(/^\d{4,} answers are right on plain/)
  })

  test('valgrind: nothing is read that was not written', { timeout: 900_000 }, async () => {
    expect(await runEngine('g++', ['-O1', '-g1'], 7, ['valgrind', '-q', '--error-exitcode=9'])).toMatch(/answers are right/)
  })
})
