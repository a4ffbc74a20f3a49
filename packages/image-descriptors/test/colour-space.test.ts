import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CONVERT, type ColourSpace, RANGES } from '../src/colour-space.ts'
import { hsvOf, labOf, type Triple } from './reference.ts'

function convert(space: ColourSpace, rgb: readonly [number, number, number]): Triple {
  const out = new Float32Array(3)
  CONVERT[space](Uint8Array.from(rgb), 0, 1, out)
  return [...out] as Triple
}

describe('colour spaces', () => {
  // The values of sRGB's primaries and greys under D65, as any colour calculator gives them.
  test.each([
    [
      [255, 255, 255],
      [100, 0, 0],
    ],
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
    [
      [255, 0, 0],
      [53.24, 80.09, 67.2],
    ],
    [
      [0, 255, 0],
      [87.73, -86.18, 83.18],
    ],
    [
      [0, 0, 255],
      [32.3, 79.19, -107.86],
    ],
    [
      [128, 128, 128],
      [53.59, 0, 0],
    ],
    [
      [5, 5, 5],
      [1.37, 0, 0],
    ],
  ] as [Triple, Triple][])('L*a*b* of sRGB %j is %j', (rgb, lab) => {
    convert('lab', rgb).forEach((value, i) => void expect(Math.abs(value - lab[i]!)).toBeLessThan(0.02))
  })

  test.each([
    [
      [255, 0, 0],
      [0, 1, 1],
    ],
    [
      [255, 255, 0],
      [1 / 6, 1, 1],
    ],
    [
      [0, 255, 0],
      [1 / 3, 1, 1],
    ],
    [
      [0, 255, 255],
      [1 / 2, 1, 1],
    ],
    [
      [0, 0, 255],
      [2 / 3, 1, 1],
    ],
    [
      [255, 0, 255],
      [5 / 6, 1, 1],
    ],
    [
      [255, 0, 1],
      [1 - 1 / 1530, 1, 1],
    ],
    [
      [51, 51, 51],
      [0, 0, 0.2],
    ],
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
    [
      [102, 51, 51],
      [0, 0.5, 0.4],
    ],
  ] as [Triple, Triple][])('HSV of %j is %j', (rgb, hsv) => {
    convert('hsv', rgb).forEach((value, i) => void expect(value).toBeCloseTo(hsv[i]!, 6))
  })

  const byte = fc.integer({ min: 0, max: 255 })

  test('agree with their definitions for any colour, and lie in their ranges', () => {
    fc.assert(
      fc.property(byte, byte, byte, (...rgb) => {
        for (const [space, reference, tolerance] of [
          ['hsv', hsvOf, 1e-6],
          ['lab', labOf, 5e-3],
        ] as const) {
          const got = convert(space, rgb)
          reference(rgb).forEach((value, i) => void expect(Math.abs(got[i]! - value)).toBeLessThan(tolerance))
          RANGES[space].forEach(([low, high], i) => void expect(got[i]! >= low - 1e-4 && got[i]! <= high + 1e-4).toBe(true))
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('greys have no colour', () => {
    for (let grey = 0; grey < 256; grey++) {
      const [, a, b] = convert('lab', [grey, grey, grey])
      expect(Math.abs(a) + Math.abs(b)).toBeLessThan(1e-4)
    }
  })
})
