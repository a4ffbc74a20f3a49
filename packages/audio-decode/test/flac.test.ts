// FLAC in forms that encoders seldom make: every number of bits, channels and samples in a frame.

import { memoryDataElement } from '@cbir/core/memory'
import { describe, expect, test } from 'vitest'
import { ByteReader, u24 } from '../src/byte-reader.ts'
import { DamageLog } from '../src/damage.ts'
import { flacFrames } from '../src/flac/flac-decoder.ts'
import { STREAM_INFO_BYTES, streamInfo } from '../src/flac/stream-info.ts'
import { decodeAudio } from '../src/index.ts'
import { decodeFlacFrame } from '../worker/flac-frame.mjs'
import { encode } from './support/ffmpeg.ts'
import { flacFile } from './support/flac-writer.ts'
import { sameSamples } from './support/same.ts'
import { randomNumbers, soundFile } from './support/sounds.ts'

/** Integers of so many bits, the largest and smallest among them. */
function integers(count: number, bits: number, channels: number): Int32Array[] {
  const random = randomNumbers(bits)
  const top = 2 ** (bits - 1)
  return Array.from({ length: channels }, () =>
    Int32Array.from({ length: count }, (_, i) => [-top, top - 1][i] ?? Math.floor((2 * random() - 1) * top)),
  )
}

async function expectExact(channels: readonly Int32Array[], bits: number, blocks: readonly number[]): Promise<void> {
  const frames = channels[0]!.length
  const got = await decodeAudio(flacFile(channels, { bits, blocks }), { mono: false })
  expect(got.partial).toBeUndefined()
  expect([got.frames, got.channels]).toEqual([frames, channels.length])
  let worst = 0
  for (const [c, channel] of channels.entries()) {
    for (const [i, value] of channel.entries()) worst = Math.max(worst, Math.abs(got.samples[c * frames + i]! - value / 2 ** (bits - 1)))
  }
  // Above 24 bits a float is the nearest that there is, of libFLAC's float divided once.
  expect(worst).toBeLessThanOrEqual(bits > 24 ? 2 ** -24 : 0)
}

test.each(Array.from({ length: 29 }, (_, i) => 4 + i))('%i bits', async (bits) => {
  await expectExact(integers(600, bits, 2), bits, [256])
})

test.each([
  ['0', 's16'],
  ['5', 's16'],
  ['12', 's32'],
])('our own reader of frames gives what libFLAC does, compression %s, %s', async (level, format) => {
  const file = await encode(soundFile(2, 24000, 2), 'flac', '-compression_level', level, '-sample_fmt', format)
  const bits = format === 's16' ? 16 : 24
  const { samples, frames } = await decodeAudio(file, { mono: false })
  let metadata = 4
  for (let last = false; !last; metadata += 4 + u24(file, metadata + 1)) last = (file[metadata]! & 0x80) !== 0
  const info = streamInfo(file.subarray(8, 8 + STREAM_INFO_BYTES), 'test')
  const reader = new ByteReader(memoryDataElement(file.subarray(metadata)), {})
  let at = 0
  for await (const batch of flacFrames(reader, info, new DamageLog('test'))) {
    const { bytes, sizes } = batch.toPackets()
    let from = 0
    for (const size of sizes) {
      const channels = decodeFlacFrame(bytes.subarray(from, from + size), bits)
      from += size
      for (const [c, channel] of channels.entries()) {
        expect(sameSamples(channel, samples.subarray(c * frames + at, c * frames + at + channel.length))).toBe(true)
      }
      at += channels[0]!.length
    }
  }
  expect(at).toBe(frames)
})

describe('samples in a frame', () => {
  test.each([1, 2, 3, 6, 8])('any number, %i channels', async (channels) => {
    for (const frames of [1, 2, 3, 4, 7, 8, 9, 13, 16, 17, 44, 126, 255, 256, 257, 2304])
      await expectExact(integers(frames, 16, channels), 16, [4096])
  })

  test('another number in each frame', async () => {
    const random = randomNumbers(5)
    const blocks = Array.from({ length: 60 }, () => 16 + Math.floor(random() * 5000))
    await expectExact(integers(100_000, 16, 2), 16, blocks)
  })

  test('the most that there can be', async () => {
    await expectExact(integers(150_000, 16, 2), 16, [65535])
  })
})
