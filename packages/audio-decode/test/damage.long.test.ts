// Damaged files at many more places.

import { expect, test } from 'vitest'
import { CODECS } from './support/formats.ts'
import { encodedSounds, expectGarbledTold } from './support/garbled.ts'

test('garbled in the middle at 200 places: an error, a cause, or a sound that no check can tell from a right one', async () => {
  const files = await encodedSounds()
  expect(files.size).toBe(CODECS.length)
  for (const [name, bytes] of files) await expectGarbledTold(name, bytes, 200, 42)
}, 300_000)
