// The engine as a program of its own under the sanitizers: every change and search in every metric, and damaged files.

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
  directory = await mkdtemp(join(tmpdir(), 'hnsw-native-'))
})
afterAll(() => rm(directory, { recursive: true }))

async function sources(folder: string, wanted: RegExp): Promise<string[]> {
  return (await readdir(folder)).filter((name) => wanted.test(name)).map((name) => join(folder, name))
}

// The thread sanitizer's guess at deadlocks is off: hnswlib takes the locks of nodes in no order, but never waits upwards (see Graph::link).
test.each([
  { sanitizers: 'address,undefined', settings: {} },
  { sanitizers: 'thread', settings: { TSAN_OPTIONS: 'detect_deadlocks=0' } },
])('is clean under $sanitizers', async ({ sanitizers, settings }) => {
  const kit = here('../../native-kit/native')
  const files = [
    ...(await sources(here('../native'), /^(?!addon).*\.cc$/)),
    ...(await sources(join(kit, 'src'), /^(cpu|metric|task|kernels.*)\.cc$/)),
    here('../native/test/engine_test.cc'),
  ]
  const program = join(directory, `engine-test-${sanitizers}`)
  const include = [`-I${join(kit, 'include')}`, '-isystem', here('../node_modules/hnswlib-node/src')]
  const flags = ['-std=c++17', '-O1', '-g1', '-w', '-pthread', '-ffp-contract=off', '-fno-strict-aliasing', `-fsanitize=${sanitizers}`]
  await run('g++', [...flags, '-fno-sanitize-recover=all', ...include, ...files, '-o', program])
  const { stdout, stderr } = await run(program, [], { env: { ...process.env, ...settings } })
  expect({ last: stdout.trim().split('\n').at(-1), stderr }).toEqual({ last: 'ok', stderr: '' })
})
