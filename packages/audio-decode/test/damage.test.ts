// Damaged files: cut off at every twentieth, and garbled in the middle. Either a typed error, or what could be decoded with its cause. Never a word
// on the console.

import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { DecodedAudio } from '../src/index.ts'
import { encode } from './support/ffmpeg.ts'
import { CODECS } from './support/formats.ts'
import { encodedSounds, garble, mutate, outcome } from './support/garbled.ts'
import { randomNumbers, soundFile } from './support/sounds.ts'

let files: Map<string, Uint8Array<ArrayBuffer>>
beforeAll(async () => {
  files = await encodedSounds()
}, 120_000)

const shown: unknown[] = []
beforeEach(() => {
  shown.length = 0
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) vi.spyOn(console, level).mockImplementation((...said) => shown.push(said))
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream)
    vi.spyOn(stream, 'write').mockImplementation((text, ...rest) => {
      if (/mpg123|decoder|error/i.test(String(text))) shown.push(text)
      return write(text as string, ...(rest as []))
    })
  }
})
afterEach(() => {
  vi.restoreAllMocks()
  expect(shown).toEqual([])
})

describe.each(CODECS)('$name', ({ name, rate = 24000 }) => {
  const frames = 2 * rate

  test('cut off at every twentieth: shorter, and marked', async () => {
    const bytes = files.get(name)!
    let before = -1
    for (let part = 1; part < 20; part++) {
      const got = await outcome(bytes.slice(0, Math.floor((bytes.length * part) / 20)))
      if (typeof got === 'string') {
        // Nothing of the sound can be there before the headers are.
        expect(got).toBe('CORRUPT_DATA')
        expect(part).toBeLessThan(8)
        continue
      }
      expect(got.partial, `${part} twentieths`).toMatchObject({ code: 'CORRUPT_DATA' })
      expect(got.frames).toBeGreaterThanOrEqual(before)
      expect(got.frames).toBeLessThan(frames)
      before = got.frames
    }
    expect(before).toBeGreaterThan(0.6 * frames)
  })

  test('garbled in the middle at 40 places: an error, a cause, or a sound that no check can tell from a right one', async () => {
    const { marked, refused } = await garble(name, files.get(name)!, 40, 42)
    if (name === 'wav') expect(marked).toBeLessThan(0.1)
    // The places that are not told are in the padding of the FLAC file.
    else expect(marked + refused).toBeGreaterThan(0.75)
  })

  test('cut, swapped, repeated, spliced: an error, a cause, or the whole sound', async () => {
    const { ending, args } = CODECS.find((codec) => codec.name === name)!
    await mutate(name, files.get(name)!, await encode(soundFile(1, 24000, 2, 2), ending, ...args), 4, 42)
  })

  test('a hole leaves what comes after it in its place', async () => {
    if (name === 'wav') return
    const bytes = files.get(name)!
    const whole = (await outcome(bytes)) as DecodedAudio
    const from = Math.floor(bytes.length * 0.45)
    const garbled = bytes.slice()
    garbled.fill(0x5a, from, from + Math.floor(bytes.length * 0.06))
    const got = (await outcome(garbled)) as DecodedAudio
    expect(got.partial?.count).toBeGreaterThan(0)
    // mp3 does not say where a frame belongs: by the bytes that are lost it is right to a frame.
    expect(Math.abs(got.frames - whole.frames)).toBeLessThanOrEqual(name === 'mp3' ? 2 * 576 : 0)
    if (name === 'mp3') return
    const tail = Math.floor(0.8 * whole.frames)
    const worst = got.samples.subarray(tail, whole.frames).reduce((most, sample, i) => Math.max(most, Math.abs(sample - whole.samples[tail + i]!)), 0)
    expect(worst).toBeLessThan(name === 'opus' ? 0.02 : 1e-6)
  })
})

test('an mp3 of which the declared frames are fewer, and one without any', async () => {
  const bytes = files.get('mp3')!.slice()
  // Behind the tag there are no frames.
  const got = await outcome(bytes.slice(0, bytes.indexOf(0xff) + 100))
  expect(got).toBe('CORRUPT_DATA')
})

test('an mp3 of one channel, whose tag is in a frame shorter than what its checksum is of', async () => {
  const bytes = await encode(soundFile(2, 44100, 1), 'mp3', '-c:a', 'libmp3lame', '-b:a', '64k')
  const { marked } = await garble('mp3', bytes, 40, 42)
  expect(marked).toBeGreaterThan(0.75)
})

test('FLAC whose samples do not have its MD5', async () => {
  const bytes = files.get('flac')!.slice()
  bytes[8 + 20] = bytes[8 + 20]! ^ 1
  const got = (await outcome(bytes)) as DecodedAudio
  expect(got.partial?.findings).toEqual([{ kind: 'checksum', message: expect.stringContaining('MD5') }])
  expect(got.frames).toBe(48000)
})

test('FLAC that says a sample rate of 0', async () => {
  const bytes = files.get('flac')!.slice()
  bytes[8 + 10] = 0
  bytes[8 + 11] = 0
  bytes[8 + 12] = bytes[8 + 12]! & 15
  expect(await outcome(bytes)).toBe('CORRUPT_DATA')
})

test('noise under every name is an error', async () => {
  const random = randomNumbers(7)
  for (const name of CODECS.map(({ name }) => name)) {
    const noise = Uint8Array.from({ length: 30_000 }, () => Math.floor(random() * 256))
    noise.set(files.get(name)!.subarray(0, 16))
    expect(await outcome(noise)).toMatch(/CORRUPT_DATA|UNSUPPORTED_CONTENT_TYPE/)
  }
})
