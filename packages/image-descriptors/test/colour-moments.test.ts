import { describe, expect, test } from 'vitest'
import { colourMoments } from '../src/index.ts'
import { largestDifference, mapBytes, picture, plain, scene, shuffle } from './pictures.ts'
import { hsvOf, labOf, momentsOf, pixelsOf } from './reference.ts'

describe.each([
  ['hsv', hsvOf, 1],
  ['lab', labOf, 100],
] as const)('colour moments in %s', (space, colourOf, unit) => {
  test('agree with the definitions', async () => {
    const source = scene(4, 30, 20)
    const { data } = await colourMoments({ space }).extract([source])
    const colours = pixelsOf(source).map(colourOf)
    const expected = [0, 1, 2].flatMap((channel) => momentsOf(colours.map((colour) => colour[channel]! / unit)))
    expect(largestDifference(data, expected)).toBeLessThan(2e-4)
  })

  test('of a plain picture are its colour and exact zeros', async () => {
    const { data } = await colourMoments({ space }).extract([plain(40, 50, [90, 180, 33])])
    const expected = colourOf([90, 180, 33]).flatMap((value) => [value / unit, 0, 0])
    expect(largestDifference(data, expected)).toBeLessThan(1e-4)
    for (const i of [1, 2, 4, 5, 7, 8]) expect(data[i]).toBe(0)
  })

  test('do not see the order of pixels', async () => {
    const source = scene(5, 16, 16)
    const backwards = shuffle(
      source,
      Array.from({ length: 256 }, (_, i) => 255 - i),
    )
    const { data } = await colourMoments({ space }).extract([source, backwards])
    expect(largestDifference(data.slice(0, 9), data.slice(9))).toBeLessThan(1e-4)
  })
})

test('known numbers: a quarter white, the rest black', async () => {
  const { data } = await colourMoments({ space: 'hsv' }).extract([picture(2, 2, (x, y) => (x + y === 0 ? [255, 255, 255] : [0, 0, 0]))])
  // Of the values 1, 0, 0, 0: mean ¼, deviation √3 ⁄ 4, third central moment 3 ⁄ 32.
  expect([...data.slice(0, 6)]).toEqual([0, 0, 0, 0, 0, 0])
  expect(data[6]).toBeCloseTo(0.25, 6)
  expect(data[7]).toBeCloseTo(Math.sqrt(3) / 4, 6)
  expect(data[8]).toBeCloseTo(Math.cbrt(3 / 32), 6)
})

test('inverting the brightness turns the skewness of the value round', async () => {
  const grey = picture(8, 8, (x, y) => [x * x + y, x * x + y, x * x + y])
  const { data } = await colourMoments({ space: 'hsv' }).extract([grey, mapBytes(grey, (byte) => 255 - byte)])
  expect(data[9 + 6]).toBeCloseTo(1 - data[6]!, 5)
  expect(data[9 + 7]).toBeCloseTo(data[7]!, 5)
  expect(data[9 + 8]).toBeCloseTo(-data[8]!, 5)
})

test('cells of a grid each have the moments of their own pixels', async () => {
  const source = picture(10, 10, (x) => (x < 5 ? [255, 255, 255] : [0, 0, 0]))
  const { data } = await colourMoments({ space: 'lab', grid: [1, 2] }).extract([source])
  expect(data[0]).toBeCloseTo(1, 5)
  expect(data[9]).toBeCloseTo(0, 5)
  expect(data[1]).toBe(0)
})
