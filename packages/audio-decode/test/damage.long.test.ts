// Damaged files at many more places.

import { expect, test } from 'vitest'
import { encode } from './support/ffmpeg.ts'
import { CODECS } from './support/formats.ts'
import { encodedSounds, garble, mutate } from './support/garbled.ts'
import { soundFile } from './support/sounds.ts'

test('garbled in the middle at 200 places: an error, a cause, or a sound that no check can tell from a right one', async () => {
  const files = await encodedSounds()
  expect(files.size).toBe(CODECS.length)
  for (const [name, bytes] of files) {
    const { marked } = await garble(name, bytes, 200, 42)
    if (name === 'wav') expect(marked).toBeLessThan(0.1)
    // A quarter of the Vorbis file are the codebooks, without which there is nothing to decode.
    else expect(marked, name).toBeGreaterThan(0.75)
  }
}, 300_000)

test('cut, swapped, repeated, spliced, 2000 files: an error, a cause, or the whole sound', async () => {
  const files = await encodedSounds()
  for (const { name, ending, args } of CODECS) {
    await mutate(name, files.get(name)!, await encode(soundFile(1, 24000, 2, 2), ending, ...args), 32, 7)
  }
}, 300_000)
