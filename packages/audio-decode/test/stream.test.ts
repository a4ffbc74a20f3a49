// Sound as a stream: any chunks in, the same samples out; cut, mixed, left early, aborted, many at once.

import { memoryDataElement } from '@cbir/core/memory'
import { beforeAll, describe, expect, test } from 'vitest'
import { type AudioDecoder, type AudioSource, decodeAudio, openAudio } from '../src/index.ts'
import { encode } from './support/ffmpeg.ts'
import { CODECS } from './support/formats.ts'
import { expectSame, sameSamples } from './support/same.ts'
import { randomNumbers, soundFile } from './support/sounds.ts'

const files = new Map<string, Uint8Array<ArrayBuffer>>()
beforeAll(async () => {
  for (const { name, ending, args } of CODECS) files.set(name, await encode(soundFile(3, 24000, 2), ending, ...args))
}, 120_000)

/** Chunks of one byte up to a few thousand, and what became of the reader. */
function chunked(bytes: Uint8Array, seed: number): AudioSource & { closed: number; read: number } {
  return {
    label: 'chunks',
    closed: 0,
    read: 0,
    async *stream() {
      const random = randomNumbers(seed)
      try {
        for (let at = 0; at < bytes.length; ) {
          const size = 1 + Math.floor(random() ** 3 * 6000)
          this.read = at
          yield bytes.slice(at, at + size)
          at += size
        }
      } finally {
        this.closed++
      }
    },
  }
}

describe.each(CODECS)('$name', ({ name }) => {
  test('chunks of any size give what the whole file gives', async () => {
    const bytes = files.get(name)!
    const whole = await decodeAudio(bytes, { mono: false })
    for (const seed of [1, 2, 3]) expectSame(await decodeAudio(chunked(bytes, seed), { mono: false }), whole)
  })

  test('channels are mixed as their mean, kept or chosen', async () => {
    const bytes = files.get(name)!
    const kept = await decodeAudio(bytes, { mono: false })
    const mixed = await decodeAudio(bytes)
    const right = await decodeAudio(bytes, { channel: 1 })
    expect(kept).toMatchObject({ channels: 2 })
    expect(mixed).toMatchObject({ channels: 1, frames: kept.frames })
    expect(sameSamples(right.samples, kept.samples.slice(kept.frames))).toBe(true)
    const mean = Float32Array.from({ length: kept.frames }, (_, i) => (kept.samples[i]! + kept.samples[kept.frames + i]!) / 2)
    expect(sameSamples(mixed.samples, mean)).toBe(true)
    await expect(decodeAudio(bytes, { channel: 2 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  test('start and duration cut out the same samples', async () => {
    const bytes = files.get(name)!
    const whole = await decodeAudio(bytes)
    const rate = whole.sampleRate
    const part = await decodeAudio(bytes, { start: 0.7, duration: 1.1 })
    const cut = whole.samples.slice(Math.floor(0.7 * rate), Math.floor(0.7 * rate) + Math.floor(1.1 * rate))
    expect(sameSamples(part.samples, cut)).toBe(true)
    expect((await decodeAudio(bytes, { start: 100 })).frames).toBe(0)
    expect((await decodeAudio(bytes, { duration: 0 })).frames).toBe(0)
  })

  test('leaving early ends the source', async () => {
    const source = chunked(files.get(name)!, 4)
    const stream = await openAudio(source)
    for await (const { frames, start } of stream.chunks()) {
      expect(start).toBe(0)
      expect(frames).toBeGreaterThan(0)
      break
    }
    await expect.poll(() => source.closed).toBe(1)
    await expect(stream.chunks()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await stream.close()
  })

  test('an opened sound that is never read is closed', async () => {
    const source = chunked(files.get(name)!, 5)
    const stream = await openAudio(source)
    await stream.close()
    await stream.close()
    expect(source.closed).toBe(1)
  })

  test('an abort ends it with its reason', async () => {
    const source = chunked(files.get(name)!, 6)
    const controller = new AbortController()
    const stream = await openAudio(source, { signal: controller.signal })
    const reason = new Error('enough')
    const read = async (): Promise<void> => {
      for await (const _ of stream.chunks()) controller.abort(reason)
    }
    await expect(read()).rejects.toMatchObject({ code: 'ABORTED', cause: reason })
    await expect.poll(() => source.closed).toBe(1)
    await expect(decodeAudio(files.get(name)!, { signal: controller.signal })).rejects.toMatchObject({ code: 'ABORTED' })
  })

  test('a silent source can be aborted', async () => {
    const controller = new AbortController()
    const bytes = files.get(name)!
    const silent: AudioSource = {
      label: 'silent',
      async *stream() {
        yield bytes.slice(0, bytes.length / 2)
        setTimeout(() => controller.abort(), 50)
        await new Promise(() => {})
      },
    }
    await expect(decodeAudio(silent, { signal: controller.signal })).rejects.toMatchObject({ code: 'ABORTED' })
  })

  test('resampled in a stream is resampled as a whole', async () => {
    const bytes = files.get(name)!
    const at16 = await decodeAudio(bytes, { sampleRate: 16000 })
    expect(at16.sampleRate).toBe(16000)
    expect(at16.frames).toBe(48000)
    expectSame(await decodeAudio(chunked(bytes, 7), { sampleRate: 16000 }), at16)
  })

  test('progress counts frames up to the end', async () => {
    const done: number[] = []
    const { frames } = await decodeAudio(files.get(name)!, { onProgress: (progress) => done.push(progress.done) })
    expect(done.at(-1)).toBe(frames)
    expect(done).toEqual([...done].sort((a, b) => a - b))
  })
})

test('a hundred files at once', async () => {
  const alone = new Map(await Promise.all([...files].map(async ([name, bytes]) => [name, await decodeAudio(bytes)] as const)))
  const names = Array.from({ length: 100 }, (_, i) => CODECS[i % CODECS.length]!.name)
  const all = await Promise.all(names.map((name) => decodeAudio(files.get(name)!)))
  for (const [i, decoded] of all.entries()) expectSame(decoded, alone.get(names[i]!)!)
})

test('streams that are read in turns do not wait for each other', async () => {
  const streams = await Promise.all(Array.from({ length: 12 }, (_, i) => openAudio(files.get(CODECS[i % CODECS.length]!.name)!)))
  const readers = streams.map((stream) => stream.chunks()[Symbol.asyncIterator]())
  const counts = streams.map(() => 0)
  for (let open = readers.length; open > 0; ) {
    open = 0
    for (const [i, reader] of readers.entries()) {
      const { done, value } = await reader.next()
      if (done) continue
      open++
      counts[i]! += value.frames
    }
  }
  expect(counts.every((frames, i) => frames === (CODECS[i % CODECS.length]!.rate ?? 24000) * 3)).toBe(true)
})

test('bytes may be changed as soon as the call has returned', async () => {
  const bytes = files.get('flac')!.slice()
  const before = await decodeAudio(bytes)
  const pending = [decodeAudio(bytes), openAudio(bytes)] as const
  bytes.fill(0)
  expectSame(await pending[0], before)
  const stream = await pending[1]
  let frames = 0
  for await (const chunk of stream.chunks()) frames += chunk.frames
  expect(frames).toBe(before.frames)
  expect(stream.partial).toBeUndefined()
})

test('a data element, by its bytes or by what it says', async () => {
  const element = memoryDataElement(files.get('mp3')!, { label: 'song' })
  expect(await openAudio(element).then(async (stream) => stream.close().then(() => stream.encoding))).toBe('mp3')
  // Nothing in it is recognised; the decoder of the type that the element says finds the frames.
  const damaged = files.get('mp3')!.slice()
  damaged.fill(0x55, 0, 700)
  const { partial, frames } = await decodeAudio(memoryDataElement(damaged, { contentType: 'audio/mpeg' }))
  expect(frames).toBeGreaterThan(60_000)
  expect(partial?.findings[0]?.kind).toBe('lost-sync')
})

test('what no decoder takes, and what is nothing', async () => {
  const mp4 = Uint8Array.of(0, 0, 0, 24, ...[...'ftypM4A '].map((letter) => letter.charCodeAt(0)), ...new Uint8Array(12))
  await expect(decodeAudio(mp4)).rejects.toMatchObject({
    code: 'UNSUPPORTED_CONTENT_TYPE',
    message: expect.stringContaining('@cbir/audio-aac'),
    details: { package: '@cbir/audio-aac' },
  })
  await expect(decodeAudio(new TextEncoder().encode('no sound at all'))).rejects.toMatchObject({ code: 'UNSUPPORTED_CONTENT_TYPE' })
  await expect(decodeAudio(new Uint8Array())).rejects.toMatchObject({ code: 'EMPTY' })
  await expect(decodeAudio('nowhere/absent.wav')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(decodeAudio(7 as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
})

test('a decoder that is passed comes first', async () => {
  const beep: AudioDecoder = {
    contentTypes: ['text/plain'],
    async open() {
      return {
        encoding: 'beep',
        sampleRate: 10,
        channels: 1,
        async *blocks() {
          yield [Float32Array.of(1, 2, 3)]
        },
        close: async () => {},
      }
    },
  }
  const decoded = await decodeAudio(new TextEncoder().encode('beep'), { decoders: [beep] })
  expect(decoded).toMatchObject({ encoding: 'beep', frames: 3, sampleRate: 10, samples: Float32Array.of(1, 2, 3) })
})

test.each([
  [{ sampleRate: 0 }],
  [{ sampleRate: 22050.5 }],
  [{ resampling: 'sinc' as never }],
  [{ channel: -1 }],
  [{ start: -1 }],
  [{ duration: Number.NaN }],
  [{ decoders: [{}] as never }],
])('%j is refused', async (options) => {
  await expect(decodeAudio(files.get('wav')!, options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
})

test('a source that fails is told as such', async () => {
  const bytes = files.get('flac')!
  const source: AudioSource = {
    label: 'broken',
    async *stream() {
      yield bytes.slice(0, bytes.length / 2)
      throw new Error('cable')
    },
  }
  await expect(decodeAudio(source)).rejects.toMatchObject({ code: 'SOURCE_FAILED', message: expect.stringContaining('cable') })
})
