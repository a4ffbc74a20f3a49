// AnnoyIndex: what a user of annoy-node calls, and every mistake that kills a process there.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import DefaultIndex, { AnnoyIndex, Metric } from '@cbir/annoy-index/compat'
import { exactDistance } from '@cbir/conformance'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundle, runChild } from '../../../tooling/run-child.ts'
import { randomVectors, rowOf } from './support/vectors.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'annoy-compat-'))
})
afterAll(() => rm(directory, { recursive: true }))

const vectors = randomVectors(4, 50, 6)

function filled(metric: Metric): AnnoyIndex {
  const index = new AnnoyIndex(6, metric)
  for (let i = 0; i < vectors.count; i++) index.addItem(i, Float64Array.from(rowOf(vectors, i)))
  return index
}

test('the default export is the class, as in annoy-node', () => {
  expect(DefaultIndex).toBe(AnnoyIndex)
  expect(Metric).toEqual({ ANGULAR: 1, EUCLIDEAN: 2, MANHATTAN: 3, DOTPRODUCT: 4 })
})

describe.each([
  [Metric.ANGULAR, 'annoy-angular'],
  [Metric.EUCLIDEAN, 'euclidean'],
  [Metric.MANHATTAN, 'manhattan'],
  [Metric.DOTPRODUCT, 'inner-product'],
] as const)('metric %i', (metric, name) => {
  const own = (a: Float32Array, b: Float32Array): number => exactDistance(name, [...a], [...b]) * (name === 'inner-product' ? -1 : 1)

  test("finds the closest, in Annoy's own values", () => {
    const index = filled(metric)
    index.build(5)
    expect([index.get_n_items(), index.get_n_trees()]).toEqual([50, 5])
    const query = rowOf(vectors, 7)
    const { neighbours, distances } = index.get_nns_by_vector(query, 50, true, 10_000)
    expect([...neighbours].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i))
    for (const [i, item] of neighbours.entries()) expect(distances![i]).toBeCloseTo(own(rowOf(vectors, item), query), 2)
    const towards = name === 'inner-product' ? -1 : 1
    for (let i = 1; i < 50; i++) expect(towards * (distances![i]! - distances![i - 1]!)).toBeGreaterThanOrEqual(0)
    expect(index.get_nns_by_item(7, 50, true, 10_000)).toEqual({ neighbours, distances })
    expect(index.get_nns_by_vector(Float64Array.from(query), 3, false)).not.toHaveProperty('distances')
    expect(index.get_distance(3, 4)).toBeCloseTo(own(rowOf(vectors, 3), rowOf(vectors, 4)), 2)
    expect(index.get_item_vector(9)).toEqual(rowOf(vectors, 9))
  })

  test('saves, loads, unloads and begins again', () => {
    const index = filled(metric)
    index.build(5)
    const path = join(directory, `${metric}.ann`)
    const before = index.get_nns_by_item(0, 10, true)
    index.save(path)
    expect(index.get_nns_by_item(0, 10, true)).toEqual(before)
    index.unload()
    expect(index.get_n_items()).toBe(0)
    index.load(path)
    expect(index.get_nns_by_item(0, 10, true)).toEqual(before)
    index.unload()
    index.addItem(2, rowOf(vectors, 2))
    index.build(-1, 2)
    expect(index.get_nns_by_vector(rowOf(vectors, 2), 5, false).neighbours).toEqual([2])
    // Numbers 0 and 1 were never given.
    expect(() => index.get_nns_by_item(0, 1)).toThrowError(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    index.unbuild()
    index.addItem(0, rowOf(vectors, 0))
    index.build(3)
    expect([...index.get_nns_by_vector(rowOf(vectors, 2), 5, false).neighbours].sort()).toEqual([0, 2])
    const holes = join(directory, `${metric}-holes.ann`)
    index.save(holes)
    index.load(holes)
    expect([...index.get_nns_by_vector(rowOf(vectors, 2), 5, false, 100).neighbours].sort()).toEqual([0, 2])
  })
})

test('every misuse is a typed error, and the process lives', { timeout: 90_000 }, async () => {
  const { end, lines, errors } = await runChild(await bundle(new URL('support/misuse-program.ts', import.meta.url), directory), [directory], 80)
  expect({ end, errors }).toEqual({ end: 0, errors: '' })
  const answers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/) as [string, string]))
  const { 'n beyond the items': all, ...ends } = answers
  expect(all).toBe(`20 20 ${Array.from({ length: 20 }, (_, i) => i).join()}`)
  expect(Object.keys(ends).length).toBeGreaterThan(60)
  const untyped = Object.entries(ends).filter(
    ([, code]) =>
      !/^(INVALID_ARGUMENT|DIMENSION_MISMATCH|NOT_FINITE|NOT_SUPPORTED|READ_ONLY|EMPTY_BUILD|EMPTY_INDEX|IO_FAILED|NOT_FOUND|CORRUPT_DATA|ADAPTER_FAULT)$/.test(
        code,
      ),
  )
  expect(untyped).toEqual([])
  expect(ends).toMatchObject({
    'vector too long': 'DIMENSION_MISMATCH',
    'vector too short': 'DIMENSION_MISMATCH',
    'query of an unbuilt index': 'EMPTY_INDEX',
    'negative id': 'INVALID_ARGUMENT',
    'query after a failed load': 'EMPTY_INDEX',
    'load of a missing file': 'NOT_FOUND',
    'load of text': 'CORRUPT_DATA',
    'item beyond memory': 'ADAPTER_FAULT',
    'size 100000': 'NOT_SUPPORTED',
  })
})
