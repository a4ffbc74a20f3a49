// ITQ's training: the loss never rises, the rotation stays orthogonal, and every implementation learns the same.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ItqResult } from '../../src/functor/functor-addon.ts'
import { clusteredRows, codesOf, sampleOf, startOf, trainers } from './support/trainers.ts'

/** Largest difference of PᵀP from the unit matrix. */
function fromOrthogonal({ matrix, thresholds: { length: bits } }: ItqResult): number {
  const rows = matrix.length / bits
  let worst = 0
  for (let a = 0; a < bits; a++) {
    for (let b = 0; b <= a; b++) {
      let product = 0
      for (let i = 0; i < rows; i++) product += matrix[i * bits + a]! * matrix[i * bits + b]!
      worst = Math.max(worst, Math.abs(product - (a === b ? 1 : 0)))
    }
  }
  return worst
}

/** ‖B − V·R‖² computed from the vectors, with the basis and the rotation as one matrix. */
function lossOf({ matrix, thresholds }: ItqResult, rows: readonly Float32Array[]): number {
  const bits = thresholds.length
  let loss = 0
  for (const row of rows) {
    for (let j = 0; j < bits; j++) {
      const z = row.reduce((sum, x, i) => sum + x * matrix[i * bits + j]!, -thresholds[j]!)
      loss += ((z >= 0 ? 1 : -1) - z) ** 2
    }
  }
  return loss
}

describe.each(trainers)('$name', ({ train }) => {
  const shapes = fc.record({
    dimensions: fc.integer({ min: 1, max: 40 }),
    rows: fc.integer({ min: 1, max: 300 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    iterations: fc.integer({ min: 1, max: 30 }),
    seed: fc.nat(),
  })

  test('the loss never rises, is what it says, and the projection is orthogonal', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async ({ dimensions, rows, share, iterations, seed }) => {
        const bits = 1 + Math.floor(share * (dimensions - 1))
        const vectors = clusteredRows(rows, dimensions, seed)
        const model = await train({ ...(await sampleOf(vectors)), bits, iterations, start: startOf(bits, seed) })
        expect(model.losses.length).toBeGreaterThanOrEqual(1)
        expect(model.losses.length).toBeLessThanOrEqual(iterations + 1)
        for (let i = 1; i < model.losses.length; i++) expect(model.losses[i]).toBeLessThan(model.losses[i - 1]!)
        const loss = lossOf(model, vectors)
        expect(Math.abs(model.losses.at(-1)! - loss)).toBeLessThan(1e-4 * (1 + loss))
        expect(fromOrthogonal(model)).toBeLessThan(1e-5)
      }),
      { numRuns: 40 },
    )
  })

  test('rows that make more than one block and one range', async () => {
    const vectors = clusteredRows(6000, 33, 5)
    const sample = { ...(await sampleOf(vectors)) }
    // The same rows in blocks of another length.
    const rowsPerBlock = 777
    const all = Float32Array.from(sample.blocks.flatMap((block) => [...block]))
    const blocks = Array.from({ length: Math.ceil(6000 / rowsPerBlock) }, (_, i) => all.slice(i * rowsPerBlock * 33, (i + 1) * rowsPerBlock * 33))
    const given = { bits: 33, iterations: 3, start: startOf(33) }
    const [one, other] = [await train({ ...sample, ...given }), await train({ ...sample, blocks, rowsPerBlock, ...given })]
    expect(other).toEqual(one)
    const loss = lossOf(one, vectors)
    expect(Math.abs(one.losses.at(-1)! - loss)).toBeLessThan(1e-4 * loss)
  })

  test.each([
    { name: 'one row', rows: [Float32Array.of(1, 2, 3, 4)] },
    { name: 'rows that are all alike', rows: Array.from({ length: 20 }, () => Float32Array.of(5, -1, 0, 2)) },
    { name: 'rows of zeros', rows: Array.from({ length: 20 }, () => new Float32Array(4)) },
    { name: 'rows on one line', rows: Array.from({ length: 20 }, (_, i) => Float32Array.of(i, 2 * i, -i, 0)) },
    { name: 'rows that come twice', rows: Array.from({ length: 20 }, (_, i) => Float32Array.of((i >> 1) % 5, i >> 2, 1, Math.sin(i >> 1))) },
    {
      name: 'rows near the largest float',
      rows: Array.from({ length: 20 }, (_, i) => Float32Array.from([1, 2, 3, 4], (j) => 3e38 * Math.cos(i * j))),
    },
    {
      name: 'rows of the smallest floats',
      rows: Array.from({ length: 20 }, (_, i) => Float32Array.from([1, 2, 3, 4], (j) => 1e-44 * Math.round(9 * Math.cos(i * j)))),
    },
    { name: 'a large mean', rows: Array.from({ length: 20 }, (_, i) => Float32Array.from([1, 2, 3, 4], (j) => 1e6 + Math.cos(i * j))) },
  ])('$name', async ({ rows }) => {
    const model = await train({ ...(await sampleOf(rows)), bits: 4, iterations: 20, start: startOf(4) })
    expect(fromOrthogonal(model)).toBeLessThan(1e-5)
    for (const x of [...model.matrix, ...model.thresholds, ...model.losses]) expect(Number.isFinite(x)).toBe(true)
    expect(await codesOf(model, rows)).toHaveLength(rows.length)
  })

  test('a first rotation that is no rotation is replaced by the closest one', async () => {
    const vectors = clusteredRows(50, 6, 1)
    const sample = await sampleOf(vectors)
    for (const start of [new Float64Array(36), Float64Array.from({ length: 36 }, () => 1)]) {
      expect(fromOrthogonal(await train({ ...sample, bits: 6, iterations: 5, start }))).toBeLessThan(1e-5)
    }
  })
})

test('native code and TypeScript learn the same', async () => {
  for (const [dimensions, bits] of [
    [9, 4],
    [40, 40],
    [70, 64],
  ] as const) {
    const vectors = clusteredRows(400, dimensions, bits)
    const task = { ...(await sampleOf(vectors)), bits, iterations: 10, start: startOf(bits) }
    const models = await Promise.all(trainers.map(({ train }) => train(task)))
    const codes = await Promise.all(models.map((model) => codesOf(model, vectors)))
    const expected = models.at(-1)!
    for (const [i, { losses }] of models.entries()) {
      // Where the loss has settled, the last digits of float32 say whether one more step still counts as a fall.
      const steps = Math.max(losses.length, expected.losses.length)
      const at = (values: Float64Array, step: number): number => values[Math.min(step, values.length - 1)]!
      for (let step = 0; step < steps; step++) expect(at(losses, step) / at(expected.losses, step)).toBeCloseTo(1, 5)
      expect(codes[i]).toEqual(codes.at(-1))
    }
  }
})
