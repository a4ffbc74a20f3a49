// The thread pool, alone and under the sanitizers.

import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const native = fileURLToPath(new URL('../native', import.meta.url))
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'native-kit-task-'))
})
afterAll(() => rm(directory, { recursive: true }))

describe('the pool', () => {
  for (const sanitizer of ['thread', 'address,undefined']) {
    test(`runs clean under -fsanitize=${sanitizer}`, { timeout: 120_000 }, async () => {
      const program = join(directory, sanitizer)
      const sources = ['test/task_test.cc', 'src/task.cc'].map((file) => join(native, file))
      await run('g++', ['-std=c++17', '-O1', '-g', '-pthread', `-fsanitize=${sanitizer}`, `-I${join(native, 'include')}`, ...sources, '-o', program])
      // The pool is never destroyed, so that is no leak. Without address randomisation, which the thread sanitizer cannot do with everywhere.
      const { stdout } = await run('setarch', ['-R', program], { env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } })
      expect(stdout).toBe('0 failures\n')
    })
  }
})
