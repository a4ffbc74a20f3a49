// Loaders: what goes in, findkit's call, damage, channels, other decoders.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AudioDecoder } from '@cbir/audio-decode'
import {
  melspectrogram,
  melspectrogramLoader,
  mfccLoader,
  powerToDb,
  type SoundInput,
  type SoundLoader,
  samplesLoader,
  stft,
  stftVectorLoader,
} from '@cbir/audio-stft'
import { createRegistry, type Tensor } from '@cbir/core'
import { memoryDataElement } from '@cbir/core/memory'
import { afterAll, describe, expect, it } from 'vitest'
import { tone, wav } from '../../../tooling/test-sounds.ts'

const folder = await mkdtemp(join(tmpdir(), 'cbir-audio-stft-'))
afterAll(() => rm(folder, { recursive: true }))

async function only(loader: SoundLoader, input: SoundInput): Promise<Tensor<'f32'>> {
  const values = []
  for await (const { value } of loader.load(input)) values.push(value)
  expect(values.length).toBe(1)
  return values[0]!
}

const samples = tone(2, 0.7)
const file = wav(samples, 22_050)
const sixteenBits = samples.map((sample) => Math.round(sample * 32768) / 32768)

describe('inputs', () => {
  it('bytes, a path, a file: URL, a data element and samples give the same', async () => {
    const path = join(folder, 'tone.wav')
    await writeFile(path, file)
    const loader = mfccLoader()
    const expected = await only(loader, file)
    for (const input of [path, pathToFileURL(path), memoryDataElement(file), { samples: sixteenBits, sampleRate: 22_050 }]) {
      expect(await only(loader, input)).toEqual(expected)
    }
  })

  it('samples of another rate are resampled, by the method that is asked for', async () => {
    const one = await only(samplesLoader({ sampleRate: 8000 }), { samples, sampleRate: 22_050 })
    const other = await only(samplesLoader({ sampleRate: 8000, resType: 'polyphase' }), { samples, sampleRate: 22_050 })
    expect(one.shape).toEqual([Math.ceil((samples.length * 8000) / 22_050)])
    expect(other.shape).toEqual(one.shape)
    expect(other.data).not.toEqual(one.data)
  })
})

describe('findkit’s STFTVectorLoader', () => {
  it('is one call, with the meaning of its names', async () => {
    const value = await only(stftVectorLoader({ sampleRate: 22_050, nFft: 1024, hopLength: 512, window: 'hann', resType: 'kaiser_fast' }), file)
    const expected = await stft(sixteenBits, { nFft: 1024, hopLength: 512 })
    expect(value).toMatchObject({ dtype: 'f32', shape: [513, expected.columns, 2] })
    expect(value.data).toEqual(expected.data)
    expect(stftVectorLoader({ sampleRate: 22_050 }).toConfig().config).toMatchObject({
      nFft: 1024,
      hopLength: 512,
      window: 'hann',
      resType: 'kaiser_fast',
    })
  })

  it('gives magnitudes, powers and decibels as well', async () => {
    const [complex, magnitude, power, db] = await Promise.all(
      (['complex', 'magnitude', 'power', 'db'] as const).map((output) => only(stftVectorLoader({ output }), file)),
    )
    const i = 5 * magnitude!.shape[1]! + 3
    expect(magnitude!.data[i]).toBeCloseTo(Math.hypot(complex!.data[2 * i]!, complex!.data[2 * i + 1]!), 4)
    expect(power!.data[i]).toBeCloseTo(magnitude!.data[i]! ** 2, 3)
    expect(db!.data[i]).toBeCloseTo(10 * Math.log10(power!.data[i]!), 3)
  })
})

it('a mel spectrogram in decibels is that of the functions', async () => {
  const value = await only(melspectrogramLoader({ nMels: 40, db: true }), file)
  const expected = await powerToDb(await melspectrogram(sixteenBits, { sampleRate: 22_050, nMels: 40 }))
  expect(value.shape).toEqual([40, expected.columns])
  expect(value.data).toEqual(expected.data)
})

describe('damage', () => {
  const cut = file.slice(0, 20_000)

  it('is refused with its cause', async () => {
    const error = await only(mfccLoader(), cut).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(error).toMatchObject({ code: 'LOAD_FAILED', details: { partial: { code: 'CORRUPT_DATA' } } })
  })

  it('or what can be decoded is used', async () => {
    const value = await only(samplesLoader({ damaged: 'use' }), cut)
    expect(value.data).toEqual(sixteenBits.subarray(0, (20_000 - 44) / 2))
  })
})

describe('other decoders', () => {
  /** Samples as text, one a line. */
  const text: AudioDecoder = {
    contentTypes: ['text/x-samples'],
    async open(source) {
      const parts: Uint8Array[] = []
      for await (const part of source.stream()) parts.push(part)
      const block = Float32Array.from(Buffer.concat(parts).toString().trim().split('\n'), Number)
      return {
        encoding: 'text',
        sampleRate: 100,
        channels: 2,
        async *blocks() {
          yield [block, block.map((sample) => -2 * sample)]
        },
        close: async () => {},
      }
    },
  }
  const input = memoryDataElement(new TextEncoder().encode('0.5\n0.25\n-1\n'), { contentType: 'text/x-samples' })

  it('decode what they can; channels are mixed, or one is taken', async () => {
    const options = { decoders: [text], sampleRate: null }
    expect([...(await only(samplesLoader(options), input)).data]).toEqual([-0.25, -0.125, 0.5])
    expect([...(await only(samplesLoader({ ...options, channel: 1 }), input)).data]).toEqual([-1, -0.5, 2])
    await expect(only(samplesLoader({ ...options, channel: 2 }), input)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('cannot be written as configuration', () => {
    expect(() => samplesLoader({ decoders: [text] }).toConfig()).toThrow(expect.objectContaining({ code: 'NOT_SERIALIZABLE' }))
  })
})

it('a registry describes what a loader takes', () => {
  const [description] = createRegistry([mfccLoader]).describe()
  expect(description).toMatchObject({ name: 'mfcc-loader', configSchema: { properties: { nMfcc: { default: 20 }, window: { default: 'hann' } } } })
})
