// SMQTK's golden numbers: ITQ as it was published, from the same mean, basis and first rotation; random projection with the same matrix.

import { vectorBatchOf } from '@cbir/core'
import { describe, expect, test } from 'vitest'
import { hasTestData } from '../../../../tooling/test-data.ts'
import { hashInSlices } from '../../src/functor/projection.ts'
import { thresholdsAt } from '../../src/functor/thresholds.ts'
import { near, readGolden, tally } from '../support/golden.ts'
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
  const golden = readGolden<Golden>()

  for (const { name: how, train } of trainers) {
    for (const name of ['itq_8', 'itq_16', 'itq_8_l2norm'] as const) {
      test(`${how}, ${name}: losses, rotation and codes`, async ({ task }) => {
        const { bits, normalize, mean_vec, quantization_loss_start, ...given } = golden[name]
        const norm = normalize === 2 ? 'l2' : 'none'
        const sample = await sampleOf(golden.X, norm)
        const basis = Float64Array.from(given.pca_basis_columns.flat())
        const { losses, ...model } = await train({
          ...sample,
          bits,
          iterations: 50,
          basis,
          start: Float64Array.from(given.initial_rotation_r0.flat()),
        })
        const wanted = Object.entries({ 0: quantization_loss_start, ...given.TRUE_procrustes_loss_iterations })
        tally(
          task,
          `${name}.losses`,
          wanted.map(([iteration, loss]) => near(losses[Math.min(Number(iteration), losses.length - 1)]! / loss, 1, 6)),
          `the loss at the iterations ${wanted.map(([iteration]) => iteration).join(', ')}`,
        )
        // At every step, also where SMQTK gives no true losses.
        tally(
          task,
          `${name}.falls`,
          Array.from(losses.subarray(1), (loss, i) => loss < losses[i]!),
          'steps in which the loss falls',
        )
        expect(losses.length).toBeGreaterThan(3)
        const rotation = given.TRUE_procrustes_rotation?.flat()
        if (rotation) {
          tally(
            task,
            `${name}.rotation`,
            rotation.map((x, i) => near(model.matrix[i]!, x, 5)),
            'numbers of basis times rotation',
          )
        }
        const codes = given.TRUE_procrustes_codes
        if (codes) tally(task, `${name}.codes`, same(await codesOf({ ...model, losses }, golden.X, norm), codes), 'codes of the training rows')
        const projectedMean = (j: number): number => mean_vec.reduce((sum, x, i) => sum + x * model.matrix[i * bits + j]!, 0)
        tally(
          task,
          `${name}.mean`,
          Array.from(model.thresholds, (x, j) => near(x, projectedMean(j), 5)),
          'bits whose threshold is the projected mean',
        )
      })

      test(`${how}, ${name}: our principal components are the given basis, but for signs`, async ({ task }) => {
        const { bits, normalize, pca_basis_columns } = golden[name]
        const sample = await sampleOf(golden.X, normalize === 2 ? 'l2' : 'none')
        const start = Float64Array.from({ length: bits * bits }, (_, i) => (i % (bits + 1) === 0 ? 1 : 0))
        // With no update and the identity as the first rotation, the matrix is the basis.
        const { matrix } = await train({ ...sample, bits, iterations: 0, start })
        const products = pca_basis_columns.map((column, j) => column.reduce((sum, x, i) => sum + x * matrix[i * bits + j]!, 0))
        tally(
          task,
          `${name}.principal-components`,
          products.map((product) => near(Math.abs(product), 1, 6)),
          'our own, equal to the given basis but for signs',
        )
      })
    }
  }

  test('random projection with the given matrix and mean', async ({ task }) => {
    const { rps, mean_vec, codes, query_codes } = golden.simple_rp
    const bits = rps[0]!.length
    const matrix = Float32Array.from(rps.flat())
    const thresholds = await thresholdsAt(Float64Array.from(mean_vec), matrix, bits, undefined)
    const model = { matrix, thresholds, losses: new Float64Array(0) }
    const what = 'codes with the given matrix and mean'
    tally(task, 'simple_rp.codes', same(await codesOf(model, golden.X), codes), what)
    tally(task, 'simple_rp.query_codes', same(await codesOf(model, golden.queries), query_codes), what)
    const all = vectorBatchOf(golden.X)
    const native = addon.createProjection({ dimensions: all.dimensions, bits, norm: 'none' }, matrix, thresholds)
    const natively = new Uint8Array(all.count * 8)
    addon.hash(native, all.data, all.count, natively, true)
    expect(natively).toEqual((await hashInSlices({ dimensions: all.dimensions, bits, matrix, thresholds, normalize: 'none' }, all)).data)
    addon.close(native)
  })
})

function same(ours: readonly string[], theirs: readonly string[]): boolean[] {
  expect(ours.length).toBe(theirs.length)
  return theirs.map((code, i) => ours[i] === code)
}
