// Bad input of every kind: a typed error that names the picture, keeps the cause and says what to do.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { crc32 } from 'node:zlib'
import { CbirError, type ErrorCode } from '@cbir/core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ImageInput, type ImageLoaderConfig, imageLoader } from '../src/index.ts'
import { CountedElement, loadOne, solid } from './load.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'image-loader-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function failure(input: unknown, config: ImageLoaderConfig = {}): Promise<CbirError> {
  try {
    await loadOne(imageLoader(config), input as ImageInput)
  } catch (error) {
    if (CbirError.isInstance(error)) return error
    throw error
  }
  throw new Error('it was loaded')
}

async function noise(format: 'jpeg' | 'png' | 'webp' | 'tiff' | 'gif'): Promise<Buffer> {
  const pixels = Uint8Array.from({ length: 200 * 150 * 3 }, (_, i) => (i * 2654435761) >>> 24)
  return sharp(pixels, { raw: { width: 200, height: 150, channels: 3 } })
    [format]()
    .toBuffer()
}

/** A PNG whose header claims this size and which has next to no data. */
function hugePng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', Buffer.alloc(8)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(8 + body.length)
  framed.writeUInt32BE(data.length, 0)
  framed.set(body, 4)
  framed.writeUInt32BE(crc32(body), 4 + body.length)
  return framed
}

describe('bytes that are no picture', () => {
  it.each<[string, Uint8Array, ErrorCode]>([
    ['nothing', new Uint8Array(0), 'EMPTY'],
    ['a text', Buffer.from('This is a text and no photo.\n'.repeat(20)), 'UNSUPPORTED_CONTENT_TYPE'],
    ['noise', Uint8Array.from({ length: 4096 }, (_, i) => (i * 2654435761) >>> 24), 'UNSUPPORTED_CONTENT_TYPE'],
    ['one byte', Uint8Array.of(0xff), 'UNSUPPORTED_CONTENT_TYPE'],
    ['the magic of a JPEG alone', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), 'LOAD_FAILED'],
  ])('%s', async (_, bytes, code) => {
    const path = join(folder, 'a photo.jpg')
    await writeFile(path, bytes)
    for (const input of [bytes, path, pathToFileURL(path), new CountedElement(bytes, 'a photo.jpg')]) {
      const error = await failure(input)
      expect(error.code).toBe(code)
      if (!(input instanceof Uint8Array)) expect(error.message).toContain('a photo.jpg"')
    }
  })
})

describe('damaged pictures', () => {
  it.each(['jpeg', 'png', 'webp', 'gif'] as const)('a %s that was cut off is LOAD_FAILED with the cause', async (format) => {
    const whole = await noise(format)
    await expect(loadOne(imageLoader(), whole)).resolves.toBeDefined()
    const error = await failure(whole.subarray(0, Math.floor(whole.length * 0.6)))
    expect(error.code).toBe('LOAD_FAILED')
    expect(error.cause).toBeInstanceOf(Error)
    expect(error.message).toContain('failOn')
  })

  it('a TIFF without its directory, which lies at its end, cannot be told from other bytes', async () => {
    const whole = await noise('tiff')
    const error = await failure(whole.subarray(0, Math.floor(whole.length * 0.6)))
    expect(error.code).toBe('UNSUPPORTED_CONTENT_TYPE')
    expect(error.message).toContain('cut off')
  })

  it('is taken as far as it goes where failOn is none', async () => {
    const whole = await noise('jpeg')
    const tensor = await loadOne(imageLoader({ failOn: 'none' }), whole.subarray(0, Math.floor(whole.length * 0.6)))
    expect(tensor.shape).toEqual([150, 200, 3])
  })

  it('every cut of a JPEG either loads or is a typed error', async () => {
    const whole = await noise('jpeg')
    const loader = imageLoader({ preset: 'descriptor' })
    for (let end = 1; end < whole.length; end += Math.ceil(whole.length / 40)) {
      await loadOne(loader, whole.subarray(0, end)).catch((error) => expect(CbirError.isInstance(error)).toBe(true))
    }
  })
})

describe('huge pictures', () => {
  it('a header above the limit is refused, and the message names the option', async () => {
    const error = await failure(hugePng(60_000, 60_000))
    expect(error.code).toBe('LOAD_FAILED')
    expect(error.message).toContain('limitInputPixels (268402689)')
  })

  it('a header within the limit without the data is LOAD_FAILED, and no such memory is taken', async () => {
    const before = process.memoryUsage().rss
    expect((await failure(hugePng(16_000, 16_000), { preset: 'descriptor' })).code).toBe('LOAD_FAILED')
    // The pixels would be 768 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20)
  })

  it('a lower limit holds', async () => {
    expect((await failure(await solid(20, 20, [1, 2, 3]), { limitInputPixels: 399 })).code).toBe('LOAD_FAILED')
    await expect(loadOne(imageLoader({ limitInputPixels: 400 }), await solid(20, 20, [1, 2, 3]))).resolves.toBeDefined()
  })

  it('a strip that would become a huge result is refused', async () => {
    const strip = await solid(1, 16_000, [1, 2, 3])
    const error = await failure(strip, { resize: { shorterSide: 256 } })
    expect(error.code).toBe('LOAD_FAILED')
    expect(error.message).toContain('256×4096000')
    const cropped = await loadOne(imageLoader({ preset: 'imagenet-224' }), strip)
    expect(cropped.shape).toEqual([3, 224, 224])
  })
})

describe('files that cannot be read', () => {
  it('a missing file is NOT_FOUND, for a path and a URL', async () => {
    const path = join(folder, 'no such\nphoto 🦊.jpg')
    expect((await failure(path)).code).toBe('NOT_FOUND')
    expect((await failure(pathToFileURL(path))).code).toBe('NOT_FOUND')
    expect((await failure(path)).message).toContain('photo 🦊.jpg')
  })

  it('a folder is IO_FAILED', async () => {
    expect((await failure(folder)).code).toBe('IO_FAILED')
  })

  it('names with spaces, emoji and newlines are read', async () => {
    const path = join(folder, 'two\nlines 🦊 #1%20.png')
    await writeFile(path, await solid(2, 2, [9, 8, 7]))
    expect((await loadOne(imageLoader(), path)).data[0]).toBe(9)
    expect((await loadOne(imageLoader(), pathToFileURL(path))).data[0]).toBe(9)
  })

  it('the errors of an element pass as they are', async () => {
    const element = new CountedElement(new Uint8Array(1))
    const gone = new CbirError('NOT_FOUND', 'gone')
    element.bytes = () => Promise.reject(gone)
    expect(await failure(element)).toBe(gone)
  })

  it('a foreign error of an element becomes LOAD_FAILED with its cause', async () => {
    const element = new CountedElement(new Uint8Array(1))
    const cause = new TypeError('no connection')
    element.bytes = () => {
      throw cause
    }
    const error = await failure(element)
    expect(error.code).toBe('LOAD_FAILED')
    expect(error.cause).toBe(cause)
  })
})

describe('things that are no input', () => {
  it.each([
    [null],
    [undefined],
    [5],
    [{}],
    [[1, 2]],
    [new URL('https://example.org/a.jpg')],
    [new URL('file:///a%2Fb.jpg')],
    [''],
    [new Uint16Array(4)],
  ])('%s', async (input) => {
    expect((await failure(input)).code).toBe('INVALID_ARGUMENT')
  })
})

it('nothing that failed is left unhandled, and the loader goes on', async () => {
  const unhandled: unknown[] = []
  const record = (error: unknown): void => void unhandled.push(error)
  process.on('unhandledRejection', record)
  try {
    const loader = imageLoader()
    const good = await solid(3, 3, [1, 2, 3])
    const inputs = [join(folder, 'none'), new Uint8Array(0), Buffer.from('text text text text'), good, folder, good.subarray(0, 60), good]
    const results = await Promise.allSettled(inputs.map((input) => loadOne(loader, input)))
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled', 'rejected', 'rejected', 'fulfilled'])
    await new Promise((resolve) => setImmediate(resolve))
    expect(unhandled).toEqual([])
  } finally {
    process.off('unhandledRejection', record)
  }
})
