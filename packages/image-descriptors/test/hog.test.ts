import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hog } from '../src/index.ts'
import { anyPicture, enlarge, euclidean, largestDifference, lengthOf, mapBytes, picture, plain, scene } from './pictures.ts'
import { hogReference } from './reference.ts'

test.each([
  { window: [32, 48], cell: 8, block: 2, orientations: 9, signed: false, clip: 0.2 },
  { window: [24, 24], cell: 4, block: 3, orientations: 6, signed: true, clip: 0.3 },
] as const)('agrees with a plain implementation: %j', async (config) => {
  for (const source of [scene(1, 37, 51), scene(3, 20, 17)]) {
    const { data } = await hog(config).extract([source])
    expect(largestDifference(data, hogReference(source, config))).toBeLessThan(2e-4)
  }
})

test('does not see a brightness offset', async () => {
  const extractor = hog()
  const dim = mapBytes(scene(2), (byte) => byte >> 1)
  const { data } = await extractor.extract([dim, mapBytes(dim, (byte) => byte + 100)])
  expect(largestDifference(data.slice(0, 1764), data.slice(1764))).toBeLessThan(1e-4)
})

test('hardly sees contrast or size', async () => {
  const extractor = hog()
  const { data } = await extractor.extract([scene(1), mapBytes(scene(1), (byte) => byte * 0.7), enlarge(scene(1), 3), scene(4)])
  const row = (i: number): Float32Array => data.slice(i * 1764, (i + 1) * 1764)
  const other = euclidean(row(0), row(3))
  expect(euclidean(row(0), row(1))).toBeLessThan(other / 3)
  expect(euclidean(row(0), row(2))).toBeLessThan(other / 3)
})

test('blocks have at most length 1 and no number below 0', async () => {
  const extractor = hog()
  await fc.assert(
    fc.asyncProperty(anyPicture(), async (source) => {
      const { data } = await extractor.extract([source])
      for (let at = 0; at < data.length; at += 36) expect(lengthOf(data.slice(at, at + 36))).toBeLessThan(1.00001)
      expect(data.every((value) => value >= 0)).toBe(true)
    }),
    { numRuns: 20 },
  )
})

test('a plain picture has no gradients', async () => {
  const { data } = await hog().extract([plain(30, 30, [7, 70, 170])])
  expect(data.every((value) => value === 0)).toBe(true)
})

test('known directions: an edge from left to right votes for the horizontal gradient, one from top to bottom for the vertical', async () => {
  const config = { window: [16, 16], cell: 16, block: 1, orientations: 2 } as const
  const upright = picture(16, 16, (x) => (x < 8 ? [0, 0, 0] : [255, 255, 255]))
  const flat = picture(16, 16, (_, y) => (y < 8 ? [0, 0, 0] : [255, 255, 255]))
  const { data } = await hog(config).extract([upright, flat])
  // Two bins with centres at 45° and 135°: both 0° and 90° lie half-way between them.
  expect(data[0]).toBeCloseTo(Math.SQRT1_2, 2)
  expect(data[1]).toBeCloseTo(Math.SQRT1_2, 2)
  const slanted = picture(16, 16, (x, y) => (x + y < 16 ? [0, 0, 0] : [255, 255, 255]))
  const { data: slant } = await hog({ ...config, clip: 1 }).extract([slanted])
  expect(slant[0]).toBeGreaterThan(0.95)
  expect(slant[1]).toBeLessThan(0.3)
})

test('signed directions tell dark-to-light from light-to-dark, unsigned do not', async () => {
  const rising = picture(64, 64, (x) => [x * 3, x * 3, x * 3])
  const falling = mapBytes(rising, (byte) => 189 - byte)
  const distance = async (signed: boolean): Promise<number> => {
    const { data, dimensions } = await hog({ signed }).extract([rising, falling])
    return euclidean(data.slice(0, dimensions), data.slice(dimensions))
  }
  expect(await distance(false)).toBeLessThan(1e-3)
  expect(await distance(true)).toBeGreaterThan(1)
})
