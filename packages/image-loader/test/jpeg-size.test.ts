// The header of a JPEG, against what sharp says of it.

import fc from 'fast-check'
import sharp, { type JpegOptions, type Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import { plainJpegSize } from '../src/jpeg-size.ts'
import { png } from './load.ts'

const picture = (width: number, height: number, options?: JpegOptions): Sharp =>
  sharp({ create: { width, height, channels: 3, background: { r: 9, g: 90, b: 200 } } }).jpeg(options)

describe('the size of a plain JPEG', () => {
  it('is what sharp says', async () => {
    const side = fc.integer({ min: 1, max: 300 })
    await fc.assert(
      fc.asyncProperty(side, side, fc.boolean(), fc.boolean(), async (width, height, progressive, grey) => {
        const file = await picture(width, height, { progressive })
          .toColourspace(grey ? 'b-w' : 'srgb')
          .toBuffer()
        expect(plainJpegSize(file)).toEqual({ width, height })
      }),
      { numRuns: 20 },
    )
  })

  it('is found in a view into larger memory', async () => {
    const file = await picture(31, 17).toBuffer()
    const around = new Uint8Array(file.length + 20)
    around.set(file, 11)
    expect(plainJpegSize(around.subarray(11, 11 + file.length))).toEqual({ width: 31, height: 17 })
  })

  it('is left to sharp where an orientation may be stored', async () => {
    expect(plainJpegSize(await picture(31, 17).withMetadata({ orientation: 6 }).toBuffer())).toBeUndefined()
  })

  it('is left to sharp where the header is cut off, or it is no JPEG', async () => {
    const file = await picture(31, 17).toBuffer()
    const frame = file.indexOf(Uint8Array.of(0xff, 0xc0))
    for (let length = 0; length < frame + 9; length++) expect(plainJpegSize(file.subarray(0, length))).toBeUndefined()
    expect(plainJpegSize(await png(new Uint8Array(3), 1, 1))).toBeUndefined()
  })

  it('is positive or undefined, whatever the bytes are', () => {
    const segments = fc.array(fc.oneof(fc.constantFrom(0xff, 0xc0, 0xe0, 0xdb, 0), fc.nat(255)), { maxLength: 60 })
    fc.assert(
      fc.property(segments, (rest) => {
        const size = plainJpegSize(Uint8Array.from([0xff, 0xd8, ...rest]))
        if (size) expect(Math.min(size.width, size.height)).toBeGreaterThan(0)
      }),
    )
  })
})
