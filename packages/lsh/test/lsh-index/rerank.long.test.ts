// The native part of the LSH index by itself, against plain loops: under the sanitizers, with the chosen kernels and with the plain ones.

import { describe, expect, test } from 'vitest'
import { filesIn, hasCommands, kitSources, type NativeProgram, STRICT, withProgram } from '../../../../tooling/compile-native.ts'

const native = new URL('../../native/rerank/', import.meta.url)
const sources = [
  ...filesIn(native, /^(?!rerank_addon).*\.cc$/),
  ...filesIn(new URL('../hamming/', native), /\.cc$/),
  ...filesIn(new URL('test/', native), /\.cc$/),
  ...kitSources(),
]

function checked(flags: readonly string[], on: Pick<NativeProgram, 'compiler' | 'runner'> = {}): Promise<string> {
  return withProgram({ ...on, flags: [...STRICT, ...flags], sources }, async (run) => {
    const chosen = await run(['3'])
    const plain = await run(['3'], { CBIR_CPU: 'plain' })
    return chosen.stdout + plain.stdout
  })
}

describe.skipIf(!hasCommands('g++'))('on this machine', () => {
  test('every answer is exact, and the sanitizers find nothing', { timeout: 900_000 }, async () => {
    const printed = await checked(['-O1', '-g1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'])
    expect(printed).toMatch(/^\d{4,} answers are exact on \w+\n\d{4,} answers are exact on plain$/m)
  })
})

describe.skipIf(!hasCommands('aarch64-linux-gnu-g++', 'qemu-aarch64'))('on AArch64', () => {
  test('every answer is exact, with NEON', { timeout: 900_000 }, async () => {
    const printed = await checked(['-O2', '-static'], { compiler: 'aarch64-linux-gnu-g++', runner: ['qemu-aarch64'] })
    expect(printed).toMatch(/^\d{4,} answers are exact on neon$/m)
  })
})
