// AAC and Apple Lossless: ffmpeg's samples, lengths by the edit list, damage, streams.

import { type AudioSource, type DecodedAudio, decodeAudio, openAudio } from '@cbir/audio-decode'
import { CbirError } from '@cbir/core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { decodeByFfmpeg, encode } from '../../audio-decode/test/support/ffmpeg.ts'
import { expectSame } from '../../audio-decode/test/support/same.ts'
import { randomNumbers, soundFile } from '../../audio-decode/test/support/sounds.ts'
import { aac } from '../src/index.ts'

const SECONDS = 2.5
/** Noise that a decoder may make up as it likes would be other noise in each. */
const AAC = ['-c:a', 'aac', '-aac_pns', '0']
const decoders = [aac]

const FORMATS = [
  { name: 'm4a, index at the end', ending: 'm4a', args: AAC, encoding: 'aac', tolerance: 1e-4 },
  { name: 'm4a, index first', ending: 'm4a', args: [...AAC, '-movflags', '+faststart'], encoding: 'aac', tolerance: 1e-4 },
  { name: 'Apple Lossless', ending: 'm4a', args: ['-c:a', 'alac'], encoding: 'alac', tolerance: 0 },
  { name: 'QuickTime', ending: 'mov', args: AAC, encoding: 'aac', tolerance: 1e-4 },
  { name: 'ADTS', ending: 'aac', args: AAC, encoding: 'aac', tolerance: 1e-4 },
] as const

const files = new Map<string, Uint8Array<ArrayBuffer>>()
beforeAll(async () => {
  for (const { name, ending, args } of FORMATS) files.set(name, await encode(soundFile(SECONDS, 44100, 2), ending, ...args))
}, 120_000)

describe.each(FORMATS)('$name', ({ name, ending, encoding, tolerance }) => {
  test("has ffmpeg's samples, and the length of its edit list", async () => {
    const bytes = files.get(name)!
    const theirs = await decodeByFfmpeg(bytes, ending)
    const ours = await decodeAudio(bytes, { mono: false, decoders })
    expect(ours).toMatchObject({ encoding, sampleRate: 44100, channels: 2 })
    expect(ours.partial).toBeUndefined()
    if (ending !== 'aac') expect(ours.frames).toBe(SECONDS * 44100)
    // ffmpeg gives the encoder's delay of an ADTS stream too, the first 1024 samples of which FAAD2 keeps back.
    const shift = ending === 'aac' ? 1024 : 0
    let worst = 0
    for (let c = 0; c < 2; c++) {
      for (let i = 0; i < ours.frames; i++) worst = Math.max(worst, Math.abs(ours.samples[c * ours.frames + i]! - theirs[(i + shift) * 2 + c]!))
    }
    expect(worst).toBeLessThanOrEqual(tolerance)
  })

  test('chunks of any size give what the whole file gives', async () => {
    const bytes = files.get(name)!
    const source: AudioSource = {
      label: 'chunks',
      async *stream() {
        const random = randomNumbers(9)
        for (let at = 0; at < bytes.length; ) {
          const size = 1 + Math.floor(random() * 3000)
          yield bytes.slice(at, at + size)
          at += size
        }
      },
    }
    expectSame(await decodeAudio(source, { decoders }), await decodeAudio(bytes, { decoders }))
  })

  test('damaged files give an error, a cause, or a sound that no check can tell from a right one', async () => {
    const bytes = files.get(name)!
    const said = vi.spyOn(console, 'error').mockImplementation(() => {})
    const outcome = (file: Uint8Array): Promise<DecodedAudio | string> =>
      decodeAudio(file, { decoders, mono: false }).catch((error: unknown) => {
        if (CbirError.isInstance(error)) return error.code
        throw error
      })
    for (let part = 1; part < 20; part++) {
      const got = await outcome(bytes.slice(0, Math.floor((bytes.length * part) / 20)))
      if (typeof got === 'string') expect(['CORRUPT_DATA', 'UNSUPPORTED_CONTENT_TYPE']).toContain(got)
      // A stream of ADTS that ends between two frames ends as any does.
      else if (ending !== 'aac') expect(got.partial).toMatchObject({ code: 'CORRUPT_DATA' })
    }
    const random = randomNumbers(3)
    for (let trial = 0; trial < 40; trial++) {
      const garbled = bytes.slice()
      const at = Math.floor(random() * garbled.length)
      for (let i = at; i < Math.min(garbled.length, at + 40); i++) garbled[i] = Math.floor(random() * 256)
      const got = await outcome(garbled)
      if (typeof got === 'string') expect(['CORRUPT_DATA', 'UNSUPPORTED_CONTENT_TYPE']).toContain(got)
      else expect(got.samples.every((sample) => Number.isFinite(sample))).toBe(true)
    }
    expect(said).not.toHaveBeenCalled()
    said.mockRestore()
  }, 60_000)
})

test('the length is told before the sound is read', async () => {
  const stream = await openAudio(files.get('m4a, index at the end')!, { decoders })
  await stream.close()
  expect(stream.declaredFrames).toBe(SECONDS * 44100)
})

test('channels from one to six, low rates', async () => {
  for (const [channels, rate] of [
    [1, 16000],
    [6, 48000],
  ] as const) {
    const bytes = await encode(soundFile(1, rate, channels), 'm4a', '-c:a', 'aac')
    const decoded = await decodeAudio(bytes, { decoders, mono: false })
    expect(decoded).toMatchObject({ channels, sampleRate: rate, frames: rate })
  }
})

test('what an mp4 may hold beside AAC is named', async () => {
  const bytes = await encode(soundFile(1, 44100, 1), 'mp4', '-c:a', 'libmp3lame')
  await expect(decodeAudio(bytes, { decoders })).rejects.toMatchObject({ code: 'UNSUPPORTED_CONTENT_TYPE', message: expect.stringContaining('0x6b') })
  const fragmented = await encode(soundFile(1, 44100, 1), 'm4a', '-c:a', 'aac', '-movflags', 'frag_keyframe+empty_moov')
  await expect(decodeAudio(fragmented, { decoders })).rejects.toMatchObject({
    code: 'UNSUPPORTED_CONTENT_TYPE',
    message: expect.stringContaining('fragmented'),
  })
})

test('an index that is cut off is an error', async () => {
  const bytes = files.get('m4a, index at the end')!
  await expect(decodeAudio(bytes.slice(0, bytes.length - 100), { decoders })).rejects.toMatchObject({
    code: 'CORRUPT_DATA',
    message: expect.stringContaining('moov'),
  })
})

test('without the decoder the error names this package', async () => {
  await expect(decodeAudio(files.get('ADTS')!)).rejects.toMatchObject({ code: 'UNSUPPORTED_CONTENT_TYPE', details: { package: '@cbir/audio-aac' } })
})
