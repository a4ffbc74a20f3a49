// SMQTK's golden data for functors: ITQ as published, from the given mean, basis and first rotation, and random projection.

import { readFile } from 'node:fs/promises'
import { bitStride, vectorBatchOf } from '@cbir/core'
import type { Row } from '../row.ts'
import { testData } from '../test-data.ts'
import { oneBlock, type Trained, trainingAddon } from './functor-training.ts'

interface GoldenItq {
  readonly bits: number
  readonly normalize: number | null
  readonly mean_vec: number[]
  readonly pca_basis_columns: number[][]
  readonly initial_rotation_r0: number[][]
  readonly quantization_loss_start: number
  readonly TRUE_procrustes_loss_iterations?: Readonly<Record<string, number>>
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

/** float32's rounding of the data and of the sums. */
const CLOSE = 1e-5

export async function measure(): Promise<Row[]> {
  const golden = JSON.parse(await readFile(testData('golden', 'smqtk', 'golden.json'), 'utf8')) as Golden
  const rows: Row[] = []
  const tally = (id: string, results: readonly boolean[], how: string): void => {
    const right = results.filter(Boolean).length
    rows.push({
      id: `lsh.golden.${id}`,
      value: right,
      unit: `of ${results.length}`,
      target: `${results.length}`,
      ok: right === results.length && right > 0,
      how,
    })
  }
  for (const name of ['itq_8', 'itq_16', 'itq_8_l2norm'] as const) await itqRows(name, golden[name], golden.X, tally)
  const { rps, mean_vec, codes, query_codes } = golden.simple_rp
  const bits = rps[0]!.length
  const model = {
    matrix: Float32Array.from(rps.flat()),
    thresholds: Float64Array.from({ length: bits }, (_, j) => mean_vec.reduce((sum, x, i) => sum + x * rps[i]![j]!, 0)),
  }
  tally('simple_rp.codes', same(codesOf(model, golden.X), codes), 'with the given matrix and mean')
  tally('simple_rp.query_codes', same(codesOf(model, golden.queries), query_codes), 'with the given matrix and mean')
  return rows
}

async function itqRows(
  name: string,
  given: GoldenItq,
  all: readonly number[][],
  tally: (id: string, results: readonly boolean[], how: string) => void,
): Promise<void> {
  const { bits } = given
  const vectors = given.normalize === 2 ? all.map(unit) : all
  const { data, dimensions } = vectorBatchOf(vectors)
  const train = (iterations: number, start: number[], basis?: number[]): Promise<Trained> =>
    trainingAddon().trainItq({
      ...oneBlock(data, dimensions),
      bits,
      iterations,
      start: Float64Array.from(start),
      basis: basis && Float64Array.from(basis),
    })
  const model = await train(50, given.initial_rotation_r0.flat(), given.pca_basis_columns.flat())
  const { losses } = model
  const wanted = Object.entries({ 0: given.quantization_loss_start, ...given.TRUE_procrustes_loss_iterations })
  tally(
    `${name}.losses`,
    wanted.map(([iteration, loss]) => Math.abs(losses[Math.min(Number(iteration), losses.length - 1)]! / loss - 1) < CLOSE),
    `at the iterations ${wanted.map(([iteration]) => iteration).join(', ')}; ${losses[0]!.toFixed(2)} → ${losses.at(-1)!.toFixed(2)} in ${losses.length - 1} steps`,
  )
  tally(
    `${name}.falls`,
    Array.from(losses.subarray(1), (loss, i) => loss < losses[i]!),
    'steps in which the loss falls',
  )
  const rotation = given.TRUE_procrustes_rotation?.flat()
  if (rotation)
    tally(
      `${name}.rotation`,
      rotation.map((x, i) => Math.abs(model.matrix[i]! - x) < CLOSE),
      'numbers of basis times rotation',
    )
  if (given.TRUE_procrustes_codes) tally(`${name}.codes`, same(codesOf(model, vectors), given.TRUE_procrustes_codes), 'codes of the training rows')
  tally(
    `${name}.mean`,
    Array.from(model.thresholds, (x, j) => Math.abs(given.mean_vec.reduce((sum, m, i) => sum + m * model.matrix[i * bits + j]!, 0) - x) < CLOSE),
    'bits whose threshold is the projected mean',
  )
  const unitMatrix = Array.from({ length: bits * bits }, (_, i) => (i % (bits + 1) === 0 ? 1 : 0))
  const { matrix } = await train(0, unitMatrix)
  tally(
    `${name}.principal-components`,
    given.pca_basis_columns.map((column, j) => Math.abs(Math.abs(column.reduce((sum, x, i) => sum + x * matrix[i * bits + j]!, 0)) - 1) < CLOSE),
    'our own, equal to the given basis but for signs',
  )
}

function unit(row: readonly number[]): number[] {
  const length = Math.hypot(...row)
  return row.map((x) => x / length)
}

function codesOf({ matrix, thresholds }: Pick<Trained, 'matrix' | 'thresholds'>, rows: readonly number[][]): string[] {
  const bits = thresholds.length
  const { data, count, dimensions } = vectorBatchOf(rows)
  const addon = trainingAddon()
  const projection = addon.createProjection({ dimensions, bits, norm: 'none' }, matrix, thresholds)
  const codes = new Uint8Array(count * bitStride(bits))
  addon.hash(projection, data, count, codes, true)
  addon.close(projection)
  return rows.map((_, row) => Array.from({ length: bits }, (_, j) => (codes[row * bitStride(bits) + (j >> 3)]! >> (j & 7)) & 1).join(''))
}

function same(ours: readonly string[], theirs: readonly string[]): boolean[] {
  return theirs.map((code, i) => ours[i] === code)
}
