// The engine as a program of its own under the sanitizers: every kind of index made, asked, changed, written and read, and damaged files.

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'faiss-native-'))
})
afterAll(() => rm(directory, { recursive: true }))

async function sources(folder: string, wanted: RegExp): Promise<string[]> {
  return (await readdir(folder)).filter((name) => wanted.test(name)).map((name) => join(folder, name))
}

// Not under the thread sanitizer: libfaiss.a is compiled without it, so neither the accesses nor the atomics in there would be seen.
test.skipIf(!existsSync('/usr/include/faiss'))('is clean under address,undefined', async () => {
  const kit = here('../../native-kit/native')
  const files = [
    ...(await sources(here('../native'), /^(?!addon).*\.cc$/)),
    ...(await sources(join(kit, 'src'), /^(cpu|metric|task|kernels.*)\.cc$/)),
    here('../native/test/engine_test.cc'),
  ]
  const program = join(directory, 'engine-test')
  const flags = ['-std=c++17', '-O1', '-g1', '-w', '-pthread', '-ffp-contract=off', '-fno-strict-aliasing', '-fsanitize=address,undefined']
  const libraries = ['-Wl,--wrap=sgemm_', '-l:libfaiss.a', '-l:libopenblas.a']
  await run('g++', [...flags, '-fno-sanitize-recover=all', `-I${join(kit, 'include')}`, ...files, ...libraries, '-o', program])
  const { stdout, stderr } = await run(program, [], { env: { ...process.env, TMPDIR: directory }, maxBuffer: 1 << 26 })
  expect({ last: stdout.trim().split('\n').at(-1), stderr }).toEqual({ last: '0 failures', stderr: '' })
})
