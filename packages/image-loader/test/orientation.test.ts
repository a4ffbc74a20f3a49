// EXIF orientation: all eight, before every other step.

import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { imageLoader } from '../src/index.ts'
import { loadOne, png } from './load.ts'

// The upright picture, 3 × 2, each pixel another grey.
const UPRIGHT = [
  [10, 20, 30],
  [40, 50, 60],
]

/** What a camera stores for each orientation (EXIF 2.3, tag 0x0112), so that the upright picture is meant. */
const STORED: Record<number, (x: number, y: number, width: number, height: number) => [number, number]> = {
  1: (x, y) => [x, y],
  2: (x, y, width) => [width - 1 - x, y],
  3: (x, y, width, height) => [width - 1 - x, height - 1 - y],
  4: (x, y, _, height) => [x, height - 1 - y],
  5: (x, y) => [y, x],
  6: (x, y, width) => [y, width - 1 - x],
  7: (x, y, width, height) => [height - 1 - y, width - 1 - x],
  8: (x, y, _, height) => [height - 1 - y, x],
}

/** A file whose pixels lie as `orientation` says, with each pixel of the upright picture `block` pixels wide and high. */
async function oriented(orientation: number, block = 1): Promise<Buffer> {
  const width = 3 * block
  const height = 2 * block
  const turned = orientation >= 5
  const stored = turned ? { width: height, height: width } : { width, height }
  const pixels = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [sx, sy] = STORED[orientation]!(x, y, width, height)
      pixels.fill(UPRIGHT[Math.floor(y / block)]![Math.floor(x / block)]!, (sy * stored.width + sx) * 3, (sy * stored.width + sx) * 3 + 3)
    }
  }
  return sharp(await png(pixels, stored.width, stored.height))
    .withMetadata({ orientation })
    .png()
    .toBuffer()
}

describe.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i', (orientation) => {
  it('is applied', async () => {
    const tensor = await loadOne(imageLoader({ channels: 'grey' }), await oriented(orientation))
    expect(tensor.shape).toEqual([2, 3, 1])
    expect([...tensor.data]).toEqual(UPRIGHT.flat())
  })

  it('is applied before a crop', async () => {
    const tensor = await loadOne(imageLoader({ channels: 'grey', crop: { width: 1, height: 2 } }), await oriented(orientation))
    expect([...tensor.data]).toEqual([20, 50])
  })

  it('is applied before a reduction', async () => {
    const loader = imageLoader({ channels: 'grey', resize: { exact: { width: 3, height: 2 } }, kernel: 'nearest' })
    const tensor = await loadOne(loader, await oriented(orientation, 16))
    expect([...tensor.data]).toEqual(UPRIGHT.flat())
  })

  it('is applied before an enlargement', async () => {
    const loader = imageLoader({ channels: 'grey', resize: { exact: { width: 6, height: 4 } }, kernel: 'nearest', crop: { width: 4, height: 2 } })
    const tensor = await loadOne(loader, await oriented(orientation))
    expect([...tensor.data]).toEqual([10, 20, 20, 30, 40, 50, 50, 60])
  })

  it('can be left alone', async () => {
    const file = await oriented(orientation)
    const { width, height } = await sharp(file).metadata()
    const tensor = await loadOne(imageLoader({ orient: false, channels: 'grey' }), file)
    expect(tensor.shape).toEqual([height, width, 1])
    const [x, y] = STORED[orientation]!(0, 0, 3, 2)
    expect(tensor.data[y * width + x]).toBe(10)
  })
})
