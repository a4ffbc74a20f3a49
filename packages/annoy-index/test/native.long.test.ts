// The engine against annoylib itself, as a program of its own under the sanitizers: the same files and candidates, and damaged files.

import { execFile } from 'node:child_process'
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
  directory = await mkdtemp(join(tmpdir(), 'annoy-native-'))
})
afterAll(() => rm(directory, { recursive: true }))

async function sources(folder: string, wanted: RegExp): Promise<string[]> {
  return (await readdir(folder)).filter((name) => wanted.test(name)).map((name) => join(folder, name))
}

// annoylib declares vectors of 65536 numbers in its nodes and stores shorter ones, so the checks of object sizes and bounds do not fit it; nor does
// that of alignment, as it puts nodes of bits where they fall.
const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize=object-size,bounds,alignment', '-fno-sanitize-recover=all']

test('is clean under the address and undefined behaviour sanitizers, for several seeds', async () => {
  const kit = here('../../native-kit/native')
  const files = [
    ...(await sources(here('../native'), /^(?!addon).*\.cc$/)),
    ...(await sources(join(kit, 'src'), /^(cpu|metric|kernels.*)\.cc$/)),
    here('../native/test/engine_test.cc'),
  ]
  const program = join(directory, 'engine-test')
  const include = [`-I${join(kit, 'include')}`, `-I${here('../node_modules')}`]
  await run('g++', ['-std=c++17', '-O1', '-g1', '-w', '-pthread', '-ffp-contract=off', ...SANITIZERS, ...include, ...files, '-o', program])
  for (const seed of ['1', '2']) {
    const { stdout, stderr } = await run(program, [directory, seed, '200'])
    expect({ stdout, stderr }).toEqual({ stdout: 'ok\n', stderr: '' })
  }
})
