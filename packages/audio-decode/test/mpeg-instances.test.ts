// Instances of mpg123 serve one file after another: what one has seen is not heard in the next.

import { expect, test } from 'vitest'
import { codecThreads } from '../src/codec/codec-threads.ts'
import { decodeAudio } from '../src/index.ts'
import { openAudioWith } from '../src/open-audio.ts'
import { encode } from './support/ffmpeg.ts'
import { garble } from './support/garbled.ts'
import { soundFile } from './support/sounds.ts'

async function samplesOf(file: Uint8Array, codecs = codecThreads(1)): Promise<Float32Array[]> {
  const parts: Float32Array[] = []
  for await (const { channels } of (await openAudioWith(codecs, file, { mono: false })).chunks()) parts.push(...channels)
  return parts
}

test('files of other rates, widths and layers, damaged and left ones before it change no sample of a file', async () => {
  const [mono, stereo, layer2, file] = await Promise.all([
    encode(soundFile(1.5, 22050, 1, 2), 'mp3', '-c:a', 'libmp3lame'),
    encode(soundFile(1.5, 48000, 2, 3), 'mp3', '-c:a', 'libmp3lame', '-b:a', '320k'),
    encode(soundFile(1.5, 48000, 2, 4), 'mp2', '-c:a', 'mp2'),
    encode(soundFile(1.5, 44100, 2, 5), 'mp3', '-c:a', 'libmp3lame', '-q:a', '9'),
  ])
  // A thread of its own has no instance that has seen anything.
  const wanted = await samplesOf(file)
  const thread = codecThreads(1)
  for (const before of [mono, stereo, layer2, file, stereo.subarray(0, 9000)]) {
    await samplesOf(before, thread)
    expect(await samplesOf(file, thread)).toEqual(wanted)
  }
  const left = await openAudioWith(thread, stereo)
  for await (const _ of left.chunks()) break
  expect(await samplesOf(file, thread)).toEqual(wanted)
})

test('nor do files that are garbled', async () => {
  const file = await encode(soundFile(1.5, 44100, 2, 5), 'mp3', '-c:a', 'libmp3lame')
  const wanted = await decodeAudio(file)
  await garble('mp3', await encode(soundFile(2.5, 44100, 2, 6), 'mp3', '-c:a', 'libmp3lame'), 20, 7)
  for (const decoded of await Promise.all(Array.from({ length: 6 }, () => decodeAudio(file)))) expect(decoded.samples).toEqual(wanted.samples)
})
