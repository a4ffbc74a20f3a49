// The engine as a program of its own under the sanitizers: every change and search in every metric, and damaged files.

import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { filesIn, kitSources, withProgram } from '../../../tooling/compile-native.ts'

const native = new URL('../native/', import.meta.url)
const hnswlib = fileURLToPath(new URL('../node_modules/hnswlib-node/src', import.meta.url))

// The thread sanitizer's guess at deadlocks is off: hnswlib takes the locks of nodes in no order, but never waits upwards (see Graph::link).
test.each([
  { sanitizers: 'address,undefined', settings: {} },
  { sanitizers: 'thread', settings: { TSAN_OPTIONS: 'detect_deadlocks=0' } },
])('is clean under $sanitizers', async ({ sanitizers, settings }) => {
  const program = {
    flags: ['-O1', '-g1', '-w', '-fno-strict-aliasing', `-fsanitize=${sanitizers}`, '-fno-sanitize-recover=all', '-isystem', hnswlib],
    sources: [
      ...filesIn(native, /^(?!addon).*\.cc$/),
      ...filesIn(new URL('test/', native), /^engine_test\.cc$/),
      ...kitSources(/^(cpu|metric|task|kernels.*)\.cc$/),
    ],
  }
  const { stdout, stderr } = await withProgram(program, (run) => run([], settings))
  expect({ last: stdout.trim().split('\n').at(-1), stderr }).toEqual({ last: 'ok', stderr: '' })
})
