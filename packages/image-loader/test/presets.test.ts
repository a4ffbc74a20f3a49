// The presets, against numbers computed by hand.

import { describe, expect, it } from 'vitest'
import { imageLoader, type PresetName } from '../src/index.ts'
import { loadOne, png, solid } from './load.ts'

const COLOUR = [200, 100, 50] as const

describe('a picture of one colour', () => {
  it.each<[PresetName, number[], [number, number, number]]>([
    // (200/255 − .485)/.229, (100/255 − .456)/.224, (50/255 − .406)/.225
    ['imagenet-224', [3, 224, 224], [1.3070468, -0.285014, -0.9329847]],
    // B − 104, G − 117, R − 123
    ['caffe-227', [3, 227, 227], [-54, -17, 77]],
    // (200/255 − .48145466)/.26862954, (100/255 − .4578275)/.26130258, (50/255 − .40821073)/.27577711
    ['clip-224', [3, 224, 224], [1.1274228, -0.2513203, -0.7692165]],
  ])('through %s', async (preset, shape, values) => {
    const tensor = await loadOne(imageLoader({ preset }), await solid(400, 300, COLOUR))
    expect(tensor.dtype).toBe('f32')
    expect(tensor.shape).toEqual(shape)
    const plane = shape[1]! * shape[2]!
    for (const [channel, value] of values.entries()) {
      for (const at of [0, plane - 1]) expect(tensor.data[channel * plane + at]).toBeCloseTo(value, 5)
    }
  })

  it.each([
    [400, 300, [192, 256, 3]],
    [300, 3000, [256, 26, 3]],
    [100, 50, [50, 100, 3]],
  ])('through descriptor, %i × %i', async (width, height, shape) => {
    const tensor = await loadOne(imageLoader({ preset: 'descriptor' }), await solid(width, height, COLOUR))
    expect(tensor.dtype).toBe('u8')
    expect(tensor.shape).toEqual(shape)
    expect([...tensor.data.subarray(0, 3)]).toEqual([...COLOUR])
  })
})

it('the crop is the middle', async () => {
  // 256 × 256 needs no resize; each pixel says where it is.
  const pixels = new Uint8Array(256 * 256 * 3)
  for (let y = 0; y < 256; y++) for (let x = 0; x < 256; x++) pixels.set([x, y, 0], (y * 256 + x) * 3)
  const tensor = await loadOne(imageLoader({ preset: 'caffe-227' }), await png(pixels, 256, 256))
  const at = (channel: number, y: number, x: number): number => tensor.data[(channel * 227 + y) * 227 + x]!
  expect(at(2, 0, 0)).toBe(14 - 123)
  expect(at(1, 0, 0)).toBe(14 - 117)
  expect(at(2, 5, 226)).toBe(240 - 123)
  expect(at(1, 226, 5)).toBe(240 - 117)
})
