// Wav files in every encoding, and with every fault that does no harm.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasTestData, testData } from '../../../tooling/test-data.ts'
import { decodeAudio, openAudio } from '../src/index.ts'
import { decodeByFfmpeg, encode } from './support/ffmpeg.ts'
import { sameSamples } from './support/same.ts'
import { soundFile } from './support/sounds.ts'
import { type WavOptions, wavFile } from './support/wav-writer.ts'

interface Encoding {
  readonly tag: number
  readonly bits: number
  readonly write: (view: DataView, at: number, value: number) => void
  /** Any number of the encoding, and the sample that it is. */
  readonly value: fc.Arbitrary<number>
  readonly sample: (value: number) => number
}

const integer = (bits: number, write: Encoding['write']): Encoding => ({
  tag: 1,
  bits,
  write,
  value: fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 }),
  sample: (value) => Math.fround(value / 2 ** (bits - 1)),
})

const ENCODINGS: readonly Encoding[] = [
  integer(8, (view, at, value) => view.setUint8(at, value + 128)),
  integer(16, (view, at, value) => view.setInt16(at, value, true)),
  integer(24, (view, at, value) => {
    view.setUint16(at, value & 0xffff, true)
    view.setInt8(at + 2, value >> 16)
  }),
  integer(32, (view, at, value) => view.setInt32(at, value, true)),
  {
    tag: 3,
    bits: 32,
    write: (view, at, value) => view.setFloat32(at, value, true),
    value: fc.float({ min: -4, max: 4, noNaN: true }),
    sample: (value) => value,
  },
  {
    tag: 3,
    bits: 64,
    write: (view, at, value) => view.setFloat64(at, value, true),
    value: fc.double({ min: -4, max: 4, noNaN: true }),
    sample: (value) => Math.fround(value),
  },
]

const containers: fc.Arbitrary<WavOptions> = fc.record({
  extensible: fc.boolean(),
  magic: fc.constantFrom('RIFF' as const, 'RF64' as const, 'BW64' as const),
  before: fc.array(fc.record({ name: fc.constantFrom('LIST', 'fact', 'bext', 'junk'), body: fc.uint8Array({ maxLength: 9 }) }), { maxLength: 3 }),
  after: fc.array(fc.record({ name: fc.constantFrom('LIST', 'id3 '), body: fc.uint8Array({ maxLength: 9 }) }), { maxLength: 2 }),
  sampleRate: fc.integer({ min: 1, max: 384_000 }),
})

test.each(ENCODINGS)('format $tag of $bits bits: every number is the sample that it stands for', async ({ tag, bits, write, value, sample }) => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 64 }), containers, fc.array(value, { maxLength: 200 }), async (channels, container, values) => {
      const frames = Math.floor(values.length / channels)
      const view = new DataView(new ArrayBuffer((frames * channels * bits) / 8))
      for (let i = 0; i < frames * channels; i++) write(view, (i * bits) / 8, values[i]!)
      const file = wavFile(new Uint8Array(view.buffer), { ...container, channels, tag, bits })
      const decoded = await decodeAudio(file, { mono: false })
      expect(decoded).toMatchObject({ channels, frames, sampleRate: container.sampleRate })
      expect(decoded.partial).toBeUndefined()
      const expected = Float32Array.from({ length: frames * channels }, (_, at) =>
        sample(values[(at % frames) * channels + Math.floor(at / frames)]!),
      )
      expect(decoded.samples).toEqual(expected)
    }),
    { numRuns: 60 },
  )
})

test.each(['pcm_alaw', 'pcm_mulaw', 'pcm_u8', 'pcm_s24le', 'pcm_s32le', 'pcm_f32le', 'pcm_f64le'])(
  '%s as ffmpeg writes and reads it',
  async (codec) => {
    const file = await encode(soundFile(0.4, 8000, 2), 'wav', '-c:a', codec)
    const theirs = await decodeByFfmpeg(file, 'wav')
    const { samples, frames } = await decodeAudio(file, { mono: false })
    expect(
      sameSamples(
        theirs,
        Float32Array.from(theirs, (_, i) => samples[(i % 2) * frames + (i >> 1)]!),
      ),
    ).toBe(true)
  },
)

test('24 bits in four bytes count from the top, 20 bits stand in three', async () => {
  const wide = new DataView(new ArrayBuffer(8))
  wide.setInt32(0, 0x40000000, true)
  wide.setInt32(4, -0x40000000, true)
  expect([...(await decodeAudio(wavFile(new Uint8Array(wide.buffer), { bits: 24, frameBytes: 4 }))).samples]).toEqual([0.5, -0.5])
  expect([...(await decodeAudio(wavFile(Uint8Array.of(0, 0, 0x40), { bits: 20 }))).samples]).toEqual([0.5])
})

test('what was written as a stream is read to its end', async () => {
  const data = Uint8Array.of(0, 0x40, 0, 0xc0)
  // As ffmpeg, sox and espeak, arecord, others, and who was stopped leave it.
  for (const dataSize of [0xffffffff, 0x7ffff000, 0x80000000, 0x7fffffff, 0xffffffdb, 0]) {
    const file = wavFile(data, { dataSize })
    const decoded = await decodeAudio(file)
    expect([...decoded.samples]).toEqual([0.5, -0.5])
    expect(decoded.partial?.findings.map(({ kind }) => kind)).toEqual(dataSize === 0 ? ['header'] : undefined)
  }
  // Another size is one.
  expect((await decodeAudio(wavFile(data, { dataSize: 0x7ffff004 }))).partial?.findings.map(({ kind }) => kind)).toEqual(['truncated'])
})

test('a sample, and none', async () => {
  expect([...(await decodeAudio(wavFile(Uint8Array.of(0, 0x40)))).samples]).toEqual([0.5])
  const none = await decodeAudio(wavFile(new Uint8Array(), { after: [{ name: 'LIST', body: new Uint8Array(4) }] }))
  expect(none).toMatchObject({ frames: 0, channels: 1, sampleRate: 8000 })
  expect(none.partial).toBeUndefined()
})

test('samples that are no numbers become 0, and are told', async () => {
  const view = new DataView(new ArrayBuffer(12))
  view.setFloat32(0, Number.NaN, true)
  view.setFloat32(4, 0.25, true)
  view.setFloat32(8, Number.NEGATIVE_INFINITY, true)
  const { samples, partial } = await decodeAudio(wavFile(new Uint8Array(view.buffer), { tag: 3, bits: 32 }))
  expect([...samples]).toEqual([0, 0.25, 0])
  expect(partial?.findings).toEqual([{ kind: 'not-finite', message: expect.stringContaining('2 samples') }])
})

test.each([
  ['0 channels', { channels: 0 }, 'CORRUPT_DATA', '0 channels'],
  ['a sample rate of 0', { sampleRate: 0 }, 'CORRUPT_DATA', 'sample rate of 0'],
  ['ADPCM', { tag: 2, bits: 4 }, 'UNSUPPORTED_CONTENT_TYPE', '0x0002'],
  ['floats of 16 bits', { tag: 3, bits: 16 }, 'UNSUPPORTED_CONTENT_TYPE', '16 bits'],
] as const)('%s is a typed error', async (_name, options, code, said) => {
  await expect(decodeAudio(wavFile(Uint8Array.of(1, 2, 3, 4), options))).rejects.toMatchObject({ code, message: expect.stringContaining(said) })
})

test('a size that promises too much gives what is there, marked', async () => {
  const decoded = await decodeAudio(wavFile(Uint8Array.of(0, 0x40, 0, 0x40, 0), { dataSize: 1000 }))
  expect(decoded.samples.length).toBe(3)
  expect(decoded.partial).toMatchObject({ code: 'CORRUPT_DATA', findings: [{ kind: 'truncated' }] })
})

describe.skipIf(!hasTestData)('spoken digits', () => {
  test('each recording has the samples of its file', async () => {
    const folder = testData('audio', 'fsdd')
    const names = readdirSync(folder).filter((name) => name.endsWith('.wav'))
    expect(names.length).toBeGreaterThan(1000)
    await Promise.all(
      names.map(async (name) => {
        const bytes = readFileSync(join(folder, name))
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
        const begin = bytes.indexOf('data') + 8
        const frames = view.getUint32(begin - 4, true) / 2
        const decoded = await decodeAudio(bytes)
        expect(decoded).toMatchObject({ frames, sampleRate: 8000 })
        expect(decoded.samples.every((sample, i) => sample === view.getInt16(begin + 2 * i, true) / 32768)).toBe(true)
      }),
    )
  })

  test('a path is opened', async () => {
    const stream = await openAudio(testData('audio', 'fsdd', '0_jackson_0.wav'))
    expect(stream).toMatchObject({ encoding: 'wav (16-bit)', sampleRate: 8000, channels: 1 })
    await stream.close()
  })
})
