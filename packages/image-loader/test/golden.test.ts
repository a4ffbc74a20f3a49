// Real photos against crops that Pillow decoded and resized with its bilinear filter.

import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { hasTestData, testData } from '../../../tooling/test-data.ts'
import { imageLoader } from '../src/index.ts'
import { loadOne } from './load.ts'

const SIDE = 227

describe.skipIf(!hasTestData)('the preset caffe-227 on photos', () => {
  // Larger pictures are computed as Pillow does, so only the decoder could differ. Smaller ones pass through libvips, whose reduction has 64
  // positions a pixel and rounds after each pass: a wrong position by 1/128 pixel on a step of 255 is 2 levels, and rounding adds one.
  const WORST = 3

  it('gives the pixels that Pillow gives, within 3 of 255 everywhere', async () => {
    const { files } = JSON.parse(await readFile(testData('golden/images/index.json'), 'utf8')) as { files: string[] }
    const golden = await readFile(testData('golden/images/caltech101-40.rgb227.u8'))
    const loader = imageLoader({ preset: 'caffe-227' })
    const mean = [123, 117, 104]
    for (const [index, file] of files.entries()) {
      const { data } = await loadOne(loader, testData('images/caltech101-2k', file))
      let worst = 0
      for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
        for (let channel = 0; channel < 3; channel++) {
          const expected = golden[(index * SIDE * SIDE + pixel) * 3 + channel]! - mean[channel]!
          worst = Math.max(worst, Math.abs(data[(2 - channel) * SIDE * SIDE + pixel]! - expected))
        }
      }
      expect(worst, file).toBeLessThanOrEqual(WORST)
    }
  })
})
