// SMQTK's golden numbers: ITQ as it was published, from the same mean, basis and first rotation; random projection with the same matrix.

import { readFileSync } from 'node:fs'
import { vectorBatchOf } from '@cbir/core'
import { describe, expect, test } from 'vitest'
import { hasTestData, testData } from '../../../../tooling/test-data.ts'
import { hashInSlices } from '../../src/functor/projection.ts'
import { thresholdsAt } from '../../src/functor/thresholds.ts'
import { addon, codesOf, sampleOf, trainers } from './support/trainers.ts'

interface GoldenItq {
  readonly bits: number
  readonly normalize: number | null
  readonly mean_vec: number[]
  readonly pca_basis_columns: number[][]
  readonly initial_rotation_r0: number[][]
  readonly quantization_loss_start: number
  readonly TRUE_procrustes_loss_iterations?: Record<string, number>
  readonly TRUE_procrustes_rotation?: number[][]
  readonly TRUE_procrustes_codes?: string[]
}

interface Golden {
  readonly X: number[][]
  readonly queries: number[][]
  readonly itq_8: GoldenItq
  readonly itq_16: GoldenItq
  readonly itq_8_l2norm: GoldenItq
  readonly simple_rp: { readonly rps: number[][]; readonly mean_vec: number[]; readonly codes: string[]; readonly query_codes: string[] }
}

describe.skipIf(!hasTestData)('golden', () => {
  const golden = (hasTestData ? JSON.parse(readFileSync(testData('golden', 'smqtk', 'golden.json'), 'utf8')) : {}) as Golden
  const cases = ['itq_8', 'itq_16', 'itq_8_l2norm'] as const

  describe.each(trainers)('$name', ({ train }) => {
    test.each(cases)('%s: losses, rotation and codes', async (name) => {
      const { bits, normalize, mean_vec, ...given } = golden[name]
      const norm = normalize === 2 ? 'l2' : 'none'
      const sample = await sampleOf(golden.X, norm)
      const basis = Float64Array.from(given.pca_basis_columns.flat())
      const model = await train({ ...sample, bits, iterations: 50, basis, start: Float64Array.from(given.initial_rotation_r0.flat()) })
      expect(model.losses[0]! / given.quantization_loss_start).toBeCloseTo(1, 6)
      for (const [iteration, loss] of Object.entries(given.TRUE_procrustes_loss_iterations ?? {})) {
        expect(model.losses[Math.min(Number(iteration), model.losses.length - 1)]! / loss).toBeCloseTo(1, 6)
      }
      given.TRUE_procrustes_rotation?.forEach((row, i) => {
        row.forEach((x, j) => void expect(model.matrix[i * bits + j]).toBeCloseTo(x, 5))
      })
      // The threshold of a bit is the projected mean.
      for (let j = 0; j < bits; j++) {
        const projected = mean_vec.reduce((sum, x, i) => sum + x * model.matrix[i * bits + j]!, 0)
        expect(model.thresholds[j]).toBeCloseTo(projected, 5)
      }
      if (given.TRUE_procrustes_codes) expect(await codesOf(model, golden.X, norm)).toEqual(given.TRUE_procrustes_codes)
      // Falls at every step, also where SMQTK gives no true losses.
      for (let i = 1; i < model.losses.length; i++) expect(model.losses[i]).toBeLessThan(model.losses[i - 1]!)
      expect(model.losses.length).toBeGreaterThan(3)
    })

    test.each(cases)('%s: our principal components are the given basis, but for signs', async (name) => {
      const { bits, normalize, pca_basis_columns } = golden[name]
      const sample = await sampleOf(golden.X, normalize === 2 ? 'l2' : 'none')
      const start = Float64Array.from({ length: bits * bits }, (_, i) => (i % (bits + 1) === 0 ? 1 : 0))
      // With no update and the identity as the first rotation, the matrix is the basis.
      const { matrix } = await train({ ...sample, bits, iterations: 0, start })
      pca_basis_columns.forEach((column, j) => {
        const product = column.reduce((sum, x, i) => sum + x * matrix[i * bits + j]!, 0)
        expect(Math.abs(product)).toBeCloseTo(1, 6)
      })
    })
  })

  test('random projection with the given matrix and mean', async () => {
    const { rps, mean_vec, codes, query_codes } = golden.simple_rp
    const bits = rps[0]!.length
    const matrix = Float32Array.from(rps.flat())
    const thresholds = await thresholdsAt(Float64Array.from(mean_vec), matrix, bits, undefined)
    const model = { matrix, thresholds, losses: new Float64Array(0) }
    expect(await codesOf(model, golden.X)).toEqual(codes)
    expect(await codesOf(model, golden.queries)).toEqual(query_codes)
    const all = vectorBatchOf(golden.X)
    const native = addon.createProjection({ dimensions: all.dimensions, bits, norm: 'none' }, matrix, thresholds)
    const natively = new Uint8Array(all.count * 8)
    addon.hash(native, all.data, all.count, natively, true)
    expect(natively).toEqual((await hashInSlices({ dimensions: all.dimensions, bits, matrix, thresholds, normalize: 'none' }, all)).data)
    addon.close(native)
  })
})
