// The native part of the LSH index by itself, against plain loops: under the sanitizers, with the chosen kernels and with the plain ones.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { exists } from '../hash-index/support/engine.ts'

const run = promisify(execFile)
const rerank = fileURLToPath(new URL('../../native/rerank', import.meta.url))
const kit = fileURLToPath(new URL('../../../native-kit/native', import.meta.url))
const sources = [
  ...['ranking.cc', 'vector_rows.cc', 'code_scan.cc', 'test/rerank_test.cc'].map((name) => join(rerank, name)),
  ...['cpu', 'kernels', 'kernels_plain', 'kernels_avx2', 'kernels_avx512', 'kernels_neon', 'metric'].map((name) => join(kit, 'src', `${name}.cc`)),
]

async function checked(compiler: string, flags: readonly string[], emulator: readonly string[] = []): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), 'cbir-rerank-'))
  try {
    const file = join(work, 'rerank')
    await run(compiler, ['-std=c++17', '-Wall', '-Wextra', '-Werror', `-I${join(kit, 'include')}`, ...flags, ...sources, '-o', file, '-pthread'])
    const said: string[] = []
    for (const cpu of [undefined, 'plain']) {
      const [program, ...words] = [...emulator, file, '3']
      const { stdout } = await run(program!, words, { env: { ...process.env, ...(cpu && { CBIR_CPU: cpu }) } })
      said.push(stdout)
    }
    return said.join('')
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

describe.skipIf(!exists('g++'))('on this machine', () => {
  test('every answer is exact, and the sanitizers find nothing', { timeout: 900_000 }, async () => {
    const flags = ['-O1', '-g1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all']
    expect(await checked('g++', flags)).toMatch(/^\d{4,} answers are exact on \w+\n\d{4,} answers are exact on plain$/m)
  })
})

describe.skipIf(!exists('aarch64-linux-gnu-g++', 'qemu-aarch64'))('on AArch64', () => {
  test('every answer is exact, with NEON', { timeout: 900_000 }, async () => {
    expect(await checked('aarch64-linux-gnu-g++', ['-O2', '-static'], ['qemu-aarch64'])).toMatch(/^\d{4,} answers are exact on neon$/m)
  })
})
