// Random numbers and samples: the same from the same seed, and distributed as they say.

import { vectorBatchOf } from '@cbir/core'
import { describe, expect, test } from 'vitest'
import { logarithm, Random } from '../../src/functor/random.ts'
import { Reservoir } from '../../src/functor/reservoir.ts'

describe('Random', () => {
  test('is the same on every machine', () => {
    const random = new Random(42)
    expect([random.bits(), random.bits(), random.bits()]).toEqual([2814828936, 2460391253, 2345812955])
    expect([random.gaussian(), random.gaussian(), random.gaussian()]).toEqual([-0.00012388240153386943, -0.5007033112390396, 0.04553857480782757])
  })

  test('seeds and streams differ, also far apart', () => {
    const first = [new Random(0), new Random(1), new Random(2 ** 32), new Random(2 ** 53 - 1), new Random(0, 1), new Random(1, 1)].map((r) =>
      r.bits(),
    )
    expect(new Set(first).size).toBe(first.length)
  })

  test('the logarithm is right to the last digits', () => {
    for (let x = 1; x > 1e-300; x *= 0.83)
      expect(Math.abs(logarithm(x) - Math.log(x))).toBeLessThanOrEqual(4e-16 * Math.max(1, Math.abs(Math.log(x))))
  })

  test('moments and tails of the Gaussian numbers', () => {
    const random = new Random(7)
    const count = 200_000
    const values = Float64Array.from({ length: count }, () => random.gaussian())
    const moment = (power: number): number => values.reduce((sum, x) => sum + x ** power, 0) / count
    // Five standard errors of each.
    expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / count))
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / count))
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / count))
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / count))
    const beyond2 = values.filter((x) => Math.abs(x) > 2).length / count
    expect(Math.abs(beyond2 - 0.0455)).toBeLessThan(5 * Math.sqrt(0.0455 / count))
  })

  test('numbers below a count are alike', () => {
    const random = new Random(9)
    const counts = new Array<number>(10).fill(0)
    for (let i = 0; i < 100_000; i++) counts[random.below(10)]!++
    // Chi-square of 9 degrees of freedom: 27.9 is passed once in a thousand.
    expect(counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0)).toBeLessThan(27.9)
  })
})

describe('Reservoir', () => {
  const numbered = (from: number, to: number, dimensions = 1) =>
    vectorBatchOf(Array.from({ length: to - from }, (_, i) => new Float32Array(dimensions).fill(from + i + 1)))
  const kept = (reservoir: Reservoir): number[] => reservoir.sample().blocks.flatMap((block) => [...block])

  test('keeps all rows in order while there is room, and never more than its capacity', async () => {
    const reservoir = new Reservoir(100, 'none', new Random(1))
    await reservoir.add(numbered(0, 100))
    expect(kept(reservoir)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
    await reservoir.add(numbered(100, 5000))
    expect(reservoir.sample().rows).toBe(100)
    expect(new Set(kept(reservoir)).size).toBe(100)
  })

  test('every row is kept with the same probability', async () => {
    const [rows, capacity, runs] = [50, 10, 4000]
    const counts = new Array<number>(rows).fill(0)
    for (let seed = 0; seed < runs; seed++) {
      const reservoir = new Reservoir(capacity, 'none', new Random(seed))
      await reservoir.add(numbered(0, rows))
      for (const number of kept(reservoir)) counts[number - 1]!++
    }
    const expected = (runs * capacity) / rows
    // A row is kept or not: the variance is p(1 − p) of the runs. Chi-square of 49 degrees of freedom: 85.4 is passed once in a thousand.
    const chiSquare = counts.reduce((sum, n) => sum + (n - expected) ** 2 / (expected * (1 - capacity / rows)), 0)
    expect(chiSquare * (1 - 1 / rows)).toBeLessThan(85.4)
  })

  test('does not depend on how the rows are batched, but on the seed', async () => {
    const sampleBy = async (seed: number, step: number): Promise<number[]> => {
      const reservoir = new Reservoir(20, 'none', new Random(seed))
      for (let from = 0; from < 600; from += step) await reservoir.add(numbered(from, from + step))
      return kept(reservoir)
    }
    expect(await sampleBy(3, 600)).toEqual(await sampleBy(3, 50))
    expect(await sampleBy(3, 600)).toEqual(await sampleBy(3, 1))
    expect(await sampleBy(4, 600)).not.toEqual(await sampleBy(3, 600))
  })

  test('memory is that of the capacity, in blocks', async () => {
    const dimensions = 1000
    const reservoir = new Reservoir(1200, 'none', new Random(1))
    for (let from = 0; from < 6000; from += 500) await reservoir.add(numbered(from, from + 500, dimensions))
    const { blocks, rowsPerBlock } = reservoir.sample()
    expect(blocks.reduce((sum, block) => sum + block.buffer.byteLength, 0)).toBe(1200 * dimensions * 4)
    expect(blocks.length).toBe(Math.ceil(1200 / rowsPerBlock))
    expect(blocks.length).toBeGreaterThan(1)
    // A row lies in one piece.
    for (const block of blocks)
      for (let at = 0; at < block.length; at += dimensions) expect(new Set(block.subarray(at, at + dimensions)).size).toBe(1)
  })

  test.each([
    ['l1', [3, -4], [3 / 7, -4 / 7]],
    ['l2', [3, -4], [0.6, -0.8]],
    ['l2', [0, 0], [0, 0]],
    ['l2', [3e38, 3e38], [Math.SQRT1_2, Math.SQRT1_2]],
  ] as const)('rows are kept normalised: %s of %j', async (normalize, row, expected) => {
    const reservoir = new Reservoir(5, normalize, new Random(1))
    await reservoir.add(vectorBatchOf([row]))
    kept(reservoir).forEach((x, i) => void expect(x).toBeCloseTo(expected[i]!, 6))
  })
})
