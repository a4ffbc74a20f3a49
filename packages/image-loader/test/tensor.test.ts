// Layout, channel order, normalisation, crop and padding, against a plain reference that computes each number from its definition.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ImageLoaderConfig, imageLoader } from '../src/index.ts'
import { loadOne, png } from './load.ts'

type Rgb = [number, number, number]

interface Case {
  width: number
  height: number
  pixels: Uint8Array
  crop: { width: number; height: number } | null
  channels: 'rgb' | 'bgr' | 'grey'
  layout: 'nchw' | 'nhwc'
  padColour: Rgb
  scale: number
  mean: number
  std: number
}

const side = fc.integer({ min: 1, max: 9 })
const level = fc.nat(255)

const cases: fc.Arbitrary<Case> = fc.tuple(side, side).chain(([width, height]) =>
  fc.record({
    width: fc.constant(width),
    height: fc.constant(height),
    pixels: fc.uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 }),
    crop: fc.option(fc.record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })),
    channels: fc.constantFrom('rgb', 'bgr', 'grey'),
    layout: fc.constantFrom('nchw', 'nhwc'),
    padColour: fc.tuple(level, level, level),
    scale: fc.double({ min: -2, max: 2, noNaN: true }),
    mean: fc.double({ min: -10, max: 200, noNaN: true }),
    std: fc.double({ min: 0.1, max: 90, noNaN: true }),
  }),
)

/** The value of a channel at a place of the result, from the definition. */
function expected(c: Case, channel: number, y: number, x: number): number {
  const frame = c.crop ?? c
  // The picture's place in the frame; what is centred has the odd pixel on the right and below.
  const offset = (picture: number, size: number): number => (picture >= size ? Math.floor((picture - size) / 2) : -Math.floor((size - picture) / 2))
  const sx = x + offset(c.width, frame.width)
  const sy = y + offset(c.height, frame.height)
  const inside = sx >= 0 && sy >= 0 && sx < c.width && sy < c.height
  const [r, g, b] = inside ? (c.pixels.subarray((sy * c.width + sx) * 3, (sy * c.width + sx) * 3 + 3) as unknown as Rgb) : c.padColour
  if (c.channels === 'grey') return Math.floor((19595 * r + 38470 * g + 7471 * b + 32768) / 65536)
  return (c.channels === 'rgb' ? [r, g, b] : [b, g, r])[channel]!
}

async function check(c: Case, dtype: 'u8' | 'f32'): Promise<void> {
  const { crop, channels, layout, padColour, scale, mean, std } = c
  const config: ImageLoaderConfig = { crop, channels, layout, padColour, dtype, ...(dtype === 'f32' ? { scale, mean, std } : {}) }
  const tensor = await loadOne(imageLoader(config), await png(c.pixels, c.width, c.height))
  const { width, height } = crop ?? c
  const count = channels === 'grey' ? 1 : 3
  expect(tensor.dtype).toBe(dtype)
  expect(tensor.shape).toEqual(layout === 'nchw' ? [count, height, width] : [height, width, count])
  expect(tensor.axes).toEqual(layout === 'nchw' ? ['channel', 'height', 'width'] : ['height', 'width', 'channel'])
  expect(tensor.data.length).toBe(count * width * height)
  for (let channel = 0; channel < count; channel++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const byte = expected(c, channel, y, x)
        const at = layout === 'nchw' ? (channel * height + y) * width + x : (y * width + x) * count + channel
        // `+ 0`: that a zero is a negative one is not what is tested.
        expect(tensor.data[at]! + 0).toBe(dtype === 'u8' ? byte : Math.fround((byte * scale - mean) / std) + 0)
      }
    }
  }
}

describe('tensors without a resize', () => {
  it('hold every byte where the layout, the channel order and the crop put it', async () => {
    await fc.assert(
      fc.asyncProperty(cases, (c) => check(c, 'u8')),
      { numRuns: 60 },
    )
  })

  it('hold (byte · scale − mean) / std as 32-bit floats', async () => {
    await fc.assert(
      fc.asyncProperty(cases, (c) => check(c, 'f32')),
      { numRuns: 60 },
    )
  })

  it('normalise each channel with its own mean and std, in the order of the channels', async () => {
    const file = await png(Uint8Array.of(10, 20, 30), 1, 1)
    const loader = imageLoader({ channels: 'bgr', dtype: 'f32', scale: 2, mean: [1, 2, 3], std: [10, 20, 40] })
    const tensor = await loadOne(loader, file)
    expect([...tensor.data]).toEqual([5.9, 1.9, 0.425].map(Math.fround))
  })

  it('letterbox centres the picture on the pad colour', async () => {
    const file = await png(Uint8Array.of(1, 2, 3, 4, 5, 6), 2, 1)
    const loader = imageLoader({ resize: { letterbox: { width: 2, height: 4 } }, padColour: [7, 8, 9] })
    const tensor = await loadOne(loader, file)
    expect(tensor.shape).toEqual([4, 2, 3])
    expect([...tensor.data]).toEqual([7, 8, 9, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 7, 8, 9, 7, 8, 9, 7, 8, 9])
  })
})
