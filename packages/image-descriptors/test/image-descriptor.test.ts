import fc from 'fast-check'
import { expect, test } from 'vitest'
import { colourHistogram, imageDescriptor } from '../src/index.ts'
import { anyPicture, enlarge, euclidean, largestDifference, lengthOf, mapBytes, picture, plain, scene, turn } from './pictures.ts'

const parts = ['colour', 'layout', 'texture', 'shape'] as const
const spread = { colour: 1.8, layout: 1.2, texture: 0.12, shape: 0.7 }
const only = (part: (typeof parts)[number]): ReturnType<typeof imageDescriptor> =>
  imageDescriptor({ weights: { colour: 0, layout: 0, texture: 0, shape: 0, [part]: 1 } })

test('has length 1, or less by the part of shape where there are no edges', async () => {
  const extractor = imageDescriptor()
  const withoutShape = Math.sqrt(1 - 1 / spread.shape / (0.5 / spread.colour + 0.5 / spread.layout + 1 / spread.texture + 1 / spread.shape))
  await fc.assert(
    fc.asyncProperty(anyPicture(), async (source) => {
      const length = lengthOf((await extractor.extract([source])).data)
      expect(Math.min(Math.abs(length - 1), Math.abs(length - withoutShape))).toBeLessThan(1e-4)
    }),
    { numRuns: 30 },
  )
  expect(lengthOf((await extractor.extract([plain(9, 9, [10, 20, 30])])).data)).toBeCloseTo(withoutShape, 5)
})

test('is its parts side by side, so that squared distances add up by weight', async () => {
  const weights = { colour: 1, layout: 2, texture: 3, shape: 4 }
  const pair = [scene(1), scene(4, 90, 40)]
  const distanceOf = async (extractor: ReturnType<typeof imageDescriptor>): Promise<number> => {
    const { data, dimensions } = await extractor.extract(pair)
    return euclidean(data.slice(0, dimensions), data.slice(dimensions))
  }
  const total = parts.reduce((sum, part) => sum + weights[part] / spread[part], 0)
  let expected = 0
  for (const part of parts) expected += (weights[part] / spread[part] / total) * (await distanceOf(only(part))) ** 2
  expect((await distanceOf(imageDescriptor({ weights }))) ** 2).toBeCloseTo(expected, 4)
})

test('its colour part is the square root of the colour histogram', async () => {
  const { data } = await only('colour').extract([scene(2)])
  const { data: histogram } = await colourHistogram().extract([scene(2)])
  expect(largestDifference(data, histogram.map(Math.sqrt))).toBeLessThan(1e-6)
})

test('finds the changed copy among other pictures', async () => {
  const extractor = imageDescriptor()
  const copies = [mapBytes(scene(1), (byte) => byte * 0.9 + 10), enlarge(scene(1), 4)]
  const others = [
    turn(scene(1)),
    mapBytes(scene(1), (byte) => 255 - byte),
    picture(60, 80, (x, y) => (((x >> 3) + (y >> 3)) % 2 === 0 ? [200, 40, 60] : [40, 90, 255])),
    picture(60, 80, (x, y) => [x * 3, y * 4, 128]),
    plain(60, 80, [120, 100, 150]),
  ]
  const { data, dimensions } = await extractor.extract([scene(1), ...copies, ...others])
  const distances = Array.from({ length: 8 }, (_, i) => euclidean(data.slice(0, dimensions), data.slice(i * dimensions, (i + 1) * dimensions)))
  expect(Math.max(distances[1]!, distances[2]!)).toBeLessThan(Math.min(...distances.slice(3)))
})
