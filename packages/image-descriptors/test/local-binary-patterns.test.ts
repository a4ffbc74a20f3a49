import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { localBinaryPatterns } from '../src/index.ts'
import { anyPicture, mapBytes, picture, plain, scene, sumOf, turn } from './pictures.ts'
import { lbpReference } from './reference.ts'

const all = {
  rings: [
    { radius: 1, points: 8 },
    { radius: 2, points: 16 },
    { radius: 3, points: 24 },
    { radius: 2.5, points: 12 },
  ],
} as const

describe.each(all.rings)('radius $radius with $points points', ({ radius, points }) => {
  test.each(['riu2', 'u2'] as const)('agrees with a plain implementation (%s)', async (mapping) => {
    for (const source of [scene(1, 25, 31), scene(2, 9, 40)]) {
      const { data } = await localBinaryPatterns({ rings: [{ radius, points }], mapping }).extract([source])
      const expected = lbpReference(source, radius, points, mapping)
      expect(data.length).toBe(expected.length)
      // A pixel may differ where a point is as bright as its centre to the fifth decimal.
      expect(sumOf(data.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(0.01)
    }
  })
})

test('has sum 1 over cells and rings', async () => {
  const extractor = localBinaryPatterns({ ...all, grid: [2, 3] })
  await fc.assert(
    fc.asyncProperty(anyPicture(), async (source) => {
      const { data } = await extractor.extract([source])
      expect(sumOf(data)).toBeCloseTo(1, 4)
    }),
    { numRuns: 20 },
  )
})

test('riu2 is the same to the last bit for a picture turned by 90°', async () => {
  const extractor = localBinaryPatterns(all)
  await fc.assert(
    fc.asyncProperty(anyPicture(), async (source) => {
      const { data, dimensions } = await extractor.extract([source, turn(source), turn(turn(source))])
      expect(data.slice(dimensions, 2 * dimensions)).toEqual(data.slice(0, dimensions))
      expect(data.slice(2 * dimensions)).toEqual(data.slice(0, dimensions))
    }),
    { numRuns: 40 },
  )
})

test('u2 is not: a turn moves its patterns', async () => {
  const { data, dimensions } = await localBinaryPatterns({ mapping: 'u2' }).extract([scene(1), turn(scene(1))])
  expect(data.slice(dimensions)).not.toEqual(data.slice(0, dimensions))
})

const greys = fc.uint8Array({ minLength: 300, maxLength: 300 }).map((bytes) => Uint8Array.from(bytes, (byte) => byte % 100))

test('brightness and contrast change nothing, to the last bit', async () => {
  const extractor = localBinaryPatterns(all)
  await fc.assert(
    fc.asyncProperty(greys, fc.integer({ min: 1, max: 2 }), fc.integer({ min: 0, max: 55 }), async (data, contrast, brightness) => {
      const grey = { dtype: 'u8', shape: [15, 20, 1], data } as const
      const changed = mapBytes(grey, (byte) => byte * contrast + brightness)
      const batch = await extractor.extract([grey, changed])
      expect(batch.data.slice(batch.dimensions)).toEqual(batch.data.slice(0, batch.dimensions))
    }),
    { numRuns: 40 },
  )
})

test('with points on pixels, any increasing change of grey changes nothing', async () => {
  const extractor = localBinaryPatterns({
    rings: [
      { radius: 1, points: 4 },
      { radius: 3, points: 4 },
    ],
  })
  const tables = fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { minLength: 100, maxLength: 100 }).map((values) => values.sort((a, b) => a - b))
  await fc.assert(
    fc.asyncProperty(greys, tables, async (data, table) => {
      const grey = { dtype: 'u8', shape: [15, 20, 1], data } as const
      const batch = await extractor.extract([grey, mapBytes(grey, (byte) => table[byte]!)])
      expect(batch.data.slice(batch.dimensions)).toEqual(batch.data.slice(0, batch.dimensions))
    }),
    { numRuns: 40 },
  )
})

test('a plain picture has only the pattern of all ones', async () => {
  const { data } = await localBinaryPatterns(all).extract([plain(20, 30, [123, 45, 67])])
  const onesAt = [8, 10 + 16, 28 + 24, 54 + 12]
  data.forEach((value, i) => void expect(value).toBe(onesAt.includes(i) ? 0.25 : 0))
})

test('known patterns: one bright pixel', async () => {
  const dot = picture(5, 5, (x, y) => (x === 2 && y === 2 ? [255, 255, 255] : [0, 0, 0]))
  const { data } = await localBinaryPatterns({ rings: [{ radius: 1, points: 4 }] }).extract([dot])
  // The dot itself has no neighbour as bright (0 ones); the 24 others see nothing darker (4 ones).
  expect([...data]).toEqual([1 / 25, 0, 0, 0, 24 / 25, 0].map(Math.fround))
})
