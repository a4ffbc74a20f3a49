// The engine of the hash indexes by itself, against a full sort: under the sanitizers with every instruction set of this processor, and with NEON
// where an emulator runs it.

import { describe, expect, test } from 'vitest'
import { filesIn, hasCommands, kitSources, printedBy, STRICT } from '../../../../tooling/compile-native.ts'

const native = new URL('../../native/hash-index/', import.meta.url)
const sources = [
  ...filesIn(native, /^(?!.*addon).*\.cc$/),
  ...filesIn(new URL('../hamming/', native), /\.cc$/),
  ...filesIn(new URL('test/', native), /\.cc$/),
  ...kitSources(/^cpu\.cc$/),
]

describe.skipIf(!hasCommands('g++'))('on this machine', () => {
  test.each(['address,undefined', 'thread'])('every answer is exact, and %s sanitizers find nothing', { timeout: 900_000 }, async (sanitizers) => {
    const flags = [...STRICT, '-O1', '-g1', `-fsanitize=${sanitizers}`, '-fno-sanitize-recover=all']
    expect(await printedBy({ flags, sources }, '1')).toMatch(/^\d{5,} answers are exact on plain/)
  })
})

describe.skipIf(!hasCommands('aarch64-linux-gnu-g++', 'qemu-aarch64'))('on AArch64', () => {
  test('every answer is exact, with NEON', { timeout: 900_000 }, async () => {
    const program = { compiler: 'aarch64-linux-gnu-g++', runner: ['qemu-aarch64'], flags: [...STRICT, '-O2', '-static'], sources }
    expect(await printedBy(program, '1')).toMatch(/^\d{4,} answers are exact on plain neon$/m)
  })
})
