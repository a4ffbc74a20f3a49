// What the binaries need of a system, and that the OpenMP runtime in them is whole.

import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const folders = [root, join(root, 'avx2')].map((folder) => join(folder, 'prebuilds', `${process.platform}-${process.arch}`)).filter(existsSync)
const binaries = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
const linux = process.platform === 'linux'
const output = (command: string, ...args: string[]): string => execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 })

test('there is a binary', () => expect(binaries.length).toBeGreaterThan(0))

test.skipIf(!linux).each(binaries)('%s wants the C library alone', (binary) => {
  const needed = [...output('objdump', '-p', binary).matchAll(/NEEDED\s+(\S+)/g)].map((match) => match[1]!)
  expect(needed.filter((name) => !/^(libc|libm|libdl|libpthread|ld-linux-[\w-]+)\.so\.\d+$/.test(name))).toEqual([])
  const unknown = output('nm', '-D', '--undefined-only', binary).match(/\b(GOMP_\w+|omp_\w+|_gfortran_\w+|cblas_\w+|\w+gemm_)\b/g)
  expect(unknown).toBe(null)
})

test.skipIf(!linux)('the OpenMP functions are exactly those that libfaiss.a calls', () => {
  const library = '/usr/lib/x86_64-linux-gnu/libfaiss.a'
  if (process.arch !== 'x64') return
  const called = new Set(output('nm', '--undefined-only', library).match(/\b(GOMP_\w+|omp_\w+)$/gm))
  const source = readFileSync(join(root, 'native', 'gomp_shim.cc'), 'utf8')
  const ours = new Set(
    [...source.slice(source.indexOf('extern "C"')).matchAll(/^(?:int|void|bool) (GOMP_\w+|omp_\w+)\(/gm)].map((match) => match[1]!),
  )
  expect([...ours].sort()).toEqual([...called].sort())
})
