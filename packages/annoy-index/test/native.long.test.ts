// The engine against annoylib itself, as a program of its own under the sanitizers: the same files and candidates, and damaged files.

import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { filesIn, kitSources, withProgram } from '../../../tooling/compile-native.ts'

const native = new URL('../native/', import.meta.url)

// annoylib declares vectors of 65536 numbers in its nodes and stores shorter ones, so the checks of object sizes and bounds do not fit it; nor does
// that of alignment, as it puts nodes of bits where they fall.
const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize=object-size,bounds,alignment', '-fno-sanitize-recover=all']

test('is clean under the address and undefined behaviour sanitizers, for several seeds', async () => {
  const program = {
    flags: ['-O1', '-g1', '-w', ...SANITIZERS, `-I${fileURLToPath(new URL('../node_modules', import.meta.url))}`],
    sources: [...filesIn(native, /^(?!addon).*\.cc$/), ...filesIn(new URL('test/', native), /^engine_test\.cc$/), ...kitSources()],
  }
  await withProgram(program, async (run, directory) => {
    for (const seed of ['1', '2']) {
      const { stdout, stderr } = await run([directory, seed, '200'])
      expect({ stdout, stderr }).toEqual({ stdout: 'ok\n', stderr: '' })
    }
  })
})
