import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RANGES } from '../src/colour-space.ts'
import { colourHistogram } from '../src/index.ts'
import { anyPicture, euclidean, largestDifference, mapBytes, picture, plain, scene, shuffle, sizeOf, sumOf } from './pictures.ts'
import { histogramOf, hsvOf, labOf, pixelsOf, softHistogramOf } from './reference.ts'

const spaces = [
  ['hsv', hsvOf],
  ['lab', labOf],
] as const

describe.each(spaces)('colour histogram in %s', (space, colourOf) => {
  test('agrees with a plain implementation, sharing', async () => {
    const bins = [5, 4, 3] as [number, number, number]
    const source = scene(1, 20, 30)
    const { data } = await colourHistogram({ space, bins }).extract([source])
    const expected = softHistogramOf(pixelsOf(source).map(colourOf), bins, RANGES[space], space === 'hsv')
    expect(largestDifference(data, expected)).toBeLessThan(1e-4)
  })

  test('agrees with a plain implementation, nearest bin', async () => {
    // Odd bins of L*a*b* keep greys away from the borders, where the last bit decides.
    const bins = [5, 4, 7] as [number, number, number]
    const source = scene(2, 20, 30)
    const { data } = await colourHistogram({ space, bins, soft: false }).extract([source])
    expect(sumOf(data.map((value, i) => Math.abs(value - histogramOf(pixelsOf(source).map(colourOf), bins, RANGES[space])[i]!)))).toBeLessThan(0.02)
  })

  test('has sum 1 and nothing negative', async () => {
    const extractor = colourHistogram({ space, grid: [2, 2] })
    await fc.assert(
      fc.asyncProperty(anyPicture(), async (source) => {
        const { data } = await extractor.extract([source])
        expect(sumOf(data)).toBeCloseTo(1, 4)
        expect(data.every((value) => value >= 0)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  test('does not see the order of pixels', async () => {
    const extractor = colourHistogram({ space })
    const source = scene(3, 12, 10)
    const indices = Array.from({ length: 120 }, (_, i) => i)
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(indices, { minLength: 120, maxLength: 120 }), async (order) => {
        const { data } = await extractor.extract([source, shuffle(source, order)])
        expect(largestDifference(data.slice(0, data.length / 2), data.slice(data.length / 2))).toBeLessThan(1e-5)
      }),
      { numRuns: 20 },
    )
  })
})

test('a plain picture fills one bin that can be worked out by hand', async () => {
  const { data } = await colourHistogram({ bins: [4, 2, 2], soft: false }).extract([plain(5, 7, [0, 255, 255])])
  // Hue ½ begins the third of four bins; saturation and value 1 lie in the last of two: (2 · 2 + 1) · 2 + 1.
  expect([...data]).toEqual(Array.from({ length: 16 }, (_, i) => (i === 11 ? 1 : 0)))
})

test('hue goes round: red is shared by the first and the last bin', async () => {
  const { data } = await colourHistogram({ bins: [6, 1, 1] }).extract([plain(2, 2, [255, 0, 0])])
  expect([...data]).toEqual([0.5, 0, 0, 0, 0, 0.5])
})

test('sharing makes a slight change of colour a slight change of the vector', async () => {
  const soft = colourHistogram({ space: 'lab', bins: [8, 8, 8] })
  const { data } = await soft.extract([scene(1), mapBytes(scene(1), (byte) => Math.min(255, byte + 2))])
  expect(euclidean(data.slice(0, 512), data.slice(512))).toBeLessThan(0.02)
})

test('the cells of a grid stand row by row and have equal shares', async () => {
  const red = [255, 0, 0] as const
  const blue = [0, 0, 255] as const
  const source = picture(4, 6, (x, y) => (y < 2 && x < 2 ? red : blue))
  const { data } = await colourHistogram({ bins: [3, 1, 1], soft: false, grid: [2, 3] }).extract([source])
  const share = Math.fround(1 / 6)
  expect(sizeOf(source)).toEqual([4, 6])
  expect(data[0]).toBeCloseTo(share, 6)
  for (let cell = 1; cell < 6; cell++) expect(data[cell * 3 + 2]).toBeCloseTo(share, 6)
  expect(sumOf(data)).toBeCloseTo(1, 6)
})
