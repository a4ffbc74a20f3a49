// Every format: the samples that ffmpeg gives, in its number.

import { expect, test } from 'vitest'
import { decodeAudio, openAudio } from '../src/index.ts'
import { decodeByFfmpeg, encode } from './support/ffmpeg.ts'
import { FORMATS } from './support/formats.ts'
import { expectSame, sameSamples } from './support/same.ts'
import { soundFile } from './support/sounds.ts'

for (const { name, ending, args, encoding, tolerance, rate } of FORMATS) {
  for (const [channels, sampleRate] of [
    [1, 44100],
    [2, 48000],
    [2, 22050],
  ] as const) {
    if (name === 'mp2' && sampleRate !== 48000) continue
    // Most of the time goes into starting ffmpeg.
    test.concurrent(`${name}, ${channels} × ${sampleRate} Hz, has ffmpeg's samples`, async () => {
      const file = await encode(soundFile(2.6, sampleRate, channels), ending, ...args)
      const theirs = await decodeByFfmpeg(file, ending)
      const ours = await decodeAudio(file, { mono: false })
      expect(ours).toMatchObject({ channels, sampleRate: rate ?? sampleRate, encoding, frames: theirs.length / channels })
      expect(ours.partial).toBeUndefined()
      let worst = 0
      for (let c = 0; c < channels; c++) {
        for (let i = 0; i < ours.frames; i++) worst = Math.max(worst, Math.abs(ours.samples[c * ours.frames + i]! - theirs[i * channels + c]!))
      }
      expect(worst).toBeLessThanOrEqual(tolerance)
    })
  }
}

test('mp3 and flac declare their length before they are read, and keep it', async () => {
  for (const name of ['mp3', 'flac', 'wav']) {
    const { ending, args } = FORMATS.find((format) => format.name === name)!
    const file = await encode(soundFile(1.3, 32000, 2), ending, ...args)
    const stream = await openAudio(file)
    await stream.close()
    expect(stream.declaredFrames).toBe(41600)
    expect((await decodeAudio(file)).frames).toBe(41600)
  }
})

test('more channels than two', async () => {
  const wav = soundFile(0.5, 48000, 6)
  for (const [ending, ...args] of [
    ['flac', '-c:a', 'flac'],
    ['ogg', '-c:a', 'libvorbis'],
    ['opus', '-c:a', 'libopus', '-mapping_family', '1'],
  ] as const) {
    const decoded = await decodeAudio(await encode(wav, ending, ...args), { mono: false })
    expect(decoded).toMatchObject({ channels: 6, frames: 24000 })
    expect(decoded.partial).toBeUndefined()
  }
})

test('a picture and tags before and behind the sound are no sound', async () => {
  const { ending, args } = FORMATS.find(({ name }) => name === 'mp3')!
  const wav = soundFile(0.7, 44100, 1)
  const plain = await decodeAudio(await encode(wav, ending, ...args, '-id3v2_version', '0'))
  const tagged = await encode(wav, ending, ...args, '-metadata', `comment=${'x'.repeat(100_000)}`, '-write_id3v1', '1')
  expect(tagged.length).toBeGreaterThan(100_000)
  expectSame(await decodeAudio(tagged), plain)
  const flac = await encode(wav, 'flac')
  const id3 = Uint8Array.of(0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 100, ...new Uint8Array(100), ...flac)
  expectSame(await decodeAudio(id3), await decodeAudio(flac))
})

test('chained streams of Ogg follow each other', async () => {
  for (const [ending, codec] of [
    ['ogg', 'libvorbis'],
    ['opus', 'libopus'],
  ] as const) {
    const [a, b] = await Promise.all([1, 2].map((seed) => encode(soundFile(0.8, 48000, 1, seed), ending, '-c:a', codec)))
    const [first, second, both] = await Promise.all([decodeAudio(a!), decodeAudio(b!), decodeAudio(Uint8Array.of(...a!, ...b!))])
    expect(both.partial).toBeUndefined()
    expect(both.frames).toBe(first.frames + second.frames)
    expect(sameSamples(both.samples.subarray(first.frames), second.samples)).toBe(true)
  }
})
