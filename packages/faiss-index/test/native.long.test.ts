// The engine as a program of its own under the sanitizers: every kind of index made, asked, changed, written and read, and damaged files.

import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { filesIn, kitSources, withProgram } from '../../../tooling/compile-native.ts'

const native = new URL('../native/', import.meta.url)

// Not under the thread sanitizer: libfaiss.a is compiled without it, so neither the accesses nor the atomics in there would be seen.
test.skipIf(!existsSync('/usr/include/faiss'))('is clean under address,undefined', async () => {
  const program = {
    flags: ['-O1', '-g1', '-w', '-fno-strict-aliasing', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
    sources: [
      ...filesIn(native, /^(?!addon).*\.cc$/),
      ...filesIn(new URL('test/', native), /^engine_test\.cc$/),
      ...kitSources(/^(cpu|metric|task|kernels.*)\.cc$/),
    ],
    libraries: ['-Wl,--wrap=sgemm_', '-l:libfaiss.a', '-l:libopenblas.a'],
  }
  const { stdout, stderr } = await withProgram(program, (run, directory) => run([], { TMPDIR: directory }))
  expect({ last: stdout.trim().split('\n').at(-1), stderr }).toEqual({ last: '0 failures', stderr: '' })
})
