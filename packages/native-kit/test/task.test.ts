// The thread pool, alone and under the sanitizers.

import { describe, expect, test } from 'vitest'
import { filesIn, kitSources, withProgram } from '../../../tooling/compile-native.ts'

const sources = [...filesIn(new URL('../native/test/', import.meta.url), /^task_test\.cc$/), ...kitSources(/^task\.cc$/)]

describe('the pool', () => {
  for (const sanitizer of ['thread', 'address,undefined']) {
    test(`runs clean under -fsanitize=${sanitizer}`, { timeout: 120_000 }, async () => {
      // Without address randomisation, which the thread sanitizer cannot do with everywhere.
      const program = { flags: ['-O1', '-g', `-fsanitize=${sanitizer}`], sources, runner: ['setarch', '-R'] }
      // The pool is never destroyed, so that is no leak.
      const { stdout } = await withProgram(program, (run) => run([], { ASAN_OPTIONS: 'detect_leaks=0' }))
      expect(stdout).toBe('0 failures\n')
    })
  }
})
