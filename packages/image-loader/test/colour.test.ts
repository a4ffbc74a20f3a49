// Colour: whatever a file holds becomes 8-bit sRGB, and what is transparent becomes the background.

import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { imageLoader } from '../src/index.ts'
import { loadOne, png } from './load.ts'

/** The first pixel. */
async function firstPixel(file: Uint8Array, config: Parameters<typeof imageLoader>[0] = {}): Promise<number[]> {
  const { data } = await loadOne(imageLoader(config ?? {}), file)
  return [...data.subarray(0, 3)]
}

describe('colour', () => {
  it('of a grey file is three equal channels', async () => {
    const file = await sharp(Uint8Array.of(77, 200), { raw: { width: 2, height: 1, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toBuffer()
    expect((await sharp(file).metadata()).channels).toBe(1)
    expect(await firstPixel(file)).toEqual([77, 77, 77])
    expect((await loadOne(imageLoader({ channels: 'grey' }), file)).shape).toEqual([1, 2, 1])
    expect((await loadOne(imageLoader({ channels: 'grey' }), file)).data).toEqual(Uint8Array.of(77, 200))
  })

  it('of a 16-bit file is its upper byte', async () => {
    const pixels = Uint16Array.of(0x1234, 0x8080, 0xff00)
    const file = await sharp(pixels, { raw: { width: 1, height: 1, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer()
    expect((await sharp(file).metadata()).depth).toBe('ushort')
    expect(await firstPixel(file)).toEqual([0x12, 0x80, 0xff])
  })

  it('of a palette file is that of its palette', async () => {
    const file = await sharp(await png(Uint8Array.of(255, 0, 0, 0, 0, 255), 2, 1))
      .png({ palette: true })
      .toBuffer()
    expect((await sharp(file).metadata()).isPalette).toBe(true)
    expect(await firstPixel(file)).toEqual([255, 0, 0])
  })

  it('of a CMYK file is converted to sRGB', async () => {
    const file = await sharp({ create: { width: 8, height: 8, channels: 3, background: { r: 255, g: 0, b: 0 } } })
      .toColourspace('cmyk')
      .jpeg({ quality: 100 })
      .toBuffer()
    expect((await sharp(file).metadata()).space).toBe('cmyk')
    const [red, green, blue] = await firstPixel(file)
    expect(red).toBeGreaterThan(200)
    expect(Math.max(green!, blue!)).toBeLessThan(90)
  })

  it('is converted from the profile of the file, or taken as it is', async () => {
    const file = await sharp(Buffer.from([200, 100, 50]), { raw: { width: 1, height: 1, channels: 3 } })
      .withIccProfile('p3')
      .png()
      .toBuffer()
    const stored = [...(await sharp(file, { ignoreIcc: true }).raw().toBuffer())]
    expect(stored).not.toEqual([200, 100, 50])
    expect(await firstPixel(file, { colourProfile: 'ignore' })).toEqual(stored)
    const converted = await firstPixel(file, { colourProfile: 'apply' })
    for (const [i, value] of [200, 100, 50].entries()) expect(Math.abs(converted[i]! - value)).toBeLessThanOrEqual(3)
  })
})

describe('transparency', () => {
  const half = (): Promise<Buffer> => png(Uint8Array.of(200, 100, 0, 128, 10, 20, 30, 0), 2, 1, 4)

  it('shows white where nothing else is asked for', async () => {
    const { data, shape } = await loadOne(imageLoader(), await half())
    expect(shape).toEqual([1, 2, 3])
    expect([...data.subarray(3)]).toEqual([255, 255, 255])
  })

  it('blends with the background', async () => {
    const { data } = await loadOne(imageLoader({ background: [0, 0, 100] }), await half())
    for (const [i, value] of [100, 50, 50, 0, 0, 100].entries()) expect(Math.abs(data[i]! - value)).toBeLessThanOrEqual(1)
  })

  it('of a grey file too', async () => {
    const file = await sharp(Uint8Array.of(40, 0, 40, 255), { raw: { width: 2, height: 1, channels: 2 } })
      .png()
      .toBuffer()
    const { data } = await loadOne(imageLoader({ background: [10, 10, 10] }), file)
    expect([...data]).toEqual([10, 10, 10, 40, 40, 40])
  })
})

describe('files of several pictures', () => {
  it('give the first frame', async () => {
    const frames = await Promise.all([png(Uint8Array.of(255, 0, 0), 1, 1), png(Uint8Array.of(0, 0, 255), 1, 1)])
    const file = await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true, loop: 0, delay: [100, 100] })
      .toBuffer()
    expect((await sharp(file).metadata()).pages).toBe(2)
    const tensor = await loadOne(imageLoader(), file)
    expect(tensor.shape).toEqual([1, 1, 3])
    expect([...tensor.data]).toEqual([255, 0, 0])
  })

  it('of vectors are drawn at the size wanted', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="2" height="4" fill="#f00"/></svg>')
    const { data } = await loadOne(imageLoader({ resize: { shorterSide: 64 } }), svg)
    // A picture of 4 pixels made larger would have a ramp of 16 pixels in the middle; a drawing has an edge.
    const row = [...data.subarray(0, 64 * 3)].filter((_, i) => i % 3 === 1)
    expect(row.filter((green) => green > 0 && green < 255).length).toBeLessThanOrEqual(2)
  })
})
