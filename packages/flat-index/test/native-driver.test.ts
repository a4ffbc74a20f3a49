// The native kernels against the scan in TypeScript: the same rows in the same order, at the same distances to the last bit.

import { METRIC_NAMES, type Metric, type VectorBatch } from '@cbir/core'
import type { RowNeighbours, RowSearchOptions } from '@cbir/core/define'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { flatDriver } from '../src/flat-driver.ts'
import { flatAddon } from '../src/native-addon.ts'
import { nativeDriver } from '../src/native-driver.ts'
import { STORAGES, type Storage } from '../src/storage.ts'

const addon = flatAddon()

/** The driver does not look at names. */
const UNNAMED = { uids: [] }

const batchOf = (rows: readonly (readonly number[])[], dimensions: number): VectorBatch => ({
  data: Float32Array.from(rows.flat()),
  count: rows.length,
  dimensions,
})

const bits = ({ rows, distances, offsets }: RowNeighbours): unknown => ({
  rows: [...rows],
  distances: [...new Uint32Array(distances.slice().buffer)],
  offsets: [...offsets],
})

/** Numbers of one kind: what makes bounds wide, or sums leave the range of a float. */
const kinds: readonly fc.Arbitrary<number>[] = [
  fc.integer({ min: -2, max: 2 }),
  fc.float({ min: -1000, max: 1000, noNaN: true }),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.float({ min: Math.fround(-1e-38), max: Math.fround(1e-38), noNaN: true }),
  fc.integer({ min: 0, max: 100 }).map((x) => Math.fround(1000 + x * 1e-4)),
]

const cases = fc
  .record({
    // Some of them around the edges of vectors, lines, and of how rows are padded.
    dimensions: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(31, 32, 33, 63, 65)),
    kind: fc.constantFrom(...kinds),
    instructionSet: fc.constantFrom(...addon.instructionSets),
    // A block of one row, of a few, of all.
    blockBytes: fc.constantFrom(1, 700, 1 << 14),
  })
  .chain(({ dimensions, kind, instructionSet, blockBytes }) => {
    const vector = fc.array(kind, { minLength: dimensions, maxLength: dimensions })
    return fc.record({
      dimensions: fc.constant(dimensions),
      choices: fc.constant({ instructionSet, blockBytes }),
      rows: fc.array(vector, { minLength: 1, maxLength: 40 }),
      queries: fc.array(vector, { minLength: 1, maxLength: 9 }),
      /** How often all rows are there: duplicates, and more than one step of the kernels. */
      times: fc.constantFrom(1, 1, 2, 5),
      overwritten: fc.array(fc.tuple(fc.nat(), vector), { maxLength: 3 }),
      /** Every so manieth row may be found. */
      divisor: fc.constantFrom(1, 1, 2, 3, 17),
      k: fc.nat(),
      at: fc.nat(),
    })
  })

function bitmapOf(count: number, divisor: number): RowSearchOptions['allow'] {
  if (divisor === 1) return undefined
  const set = new Uint8Array(Math.ceil(count / 8))
  let allowed = 0
  for (let row = 0; row < count; row += divisor) {
    set[row >> 3]! |= 1 << (row & 7)
    allowed++
  }
  return { bits: set, count: allowed }
}

const storagesOf = (metric: Metric): readonly Storage[] => (metric === 'hamming' ? ['float32'] : STORAGES)

describe.each(METRIC_NAMES)('%s', (metric) => {
  test.each(storagesOf(metric))('%s answers as the scan in TypeScript', async (storage) => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ dimensions, choices, rows, queries, times, overwritten, divisor, k, at }) => {
        const oracle = flatDriver(metric)
        const native = nativeDriver(addon, metric, storage, choices)
        const wanted = await oracle.open(dimensions)
        const state = await native.open(dimensions)
        for (let time = 0; time < times; time++) {
          for (const part of [rows.slice(0, 3), rows.slice(3)]) {
            if (part.length === 0) continue
            await oracle.append(wanted, batchOf(part, dimensions), UNNAMED)
            await native.append(state, batchOf(part, dimensions), UNNAMED)
          }
        }
        const count = rows.length * times
        for (const [place, vector] of overwritten) {
          await oracle.overwrite!(wanted, Uint32Array.of(place % count), batchOf([vector], dimensions), UNNAMED)
          await native.overwrite!(state, Uint32Array.of(place % count), batchOf([vector], dimensions), UNNAMED)
        }
        // A query that is in the index, too.
        const asked = batchOf([rows[at % rows.length]!, ...queries], dimensions)
        const allow = bitmapOf(count, divisor)
        const options: RowSearchOptions = { allow, tuning: {}, attempt: 0 }
        const most = allow?.count ?? count
        const all = await oracle.search(wanted, asked, most, options)
        for (const few of new Set([1, 1 + (k % most), most])) {
          expect(bits(await native.search(state, asked, few, options))).toEqual(bits(await oracle.search(wanted, asked, few, options)))
        }
        for (const radius of [all.distances[at % all.distances.length]!, -1, 0.5, Number.POSITIVE_INFINITY]) {
          expect(bits(await native.within!(state, asked, radius, options))).toEqual(bits(await oracle.within!(wanted, asked, radius, options)))
        }
        native.close!(state)
      }),
      { numRuns: 40 },
    )
  })
})

test('a vector of many rows is at the distance 0 from itself, one query or a thousand', async () => {
  const dimensions = 100
  const count = 1200
  const data = Float32Array.from({ length: count * dimensions }, (_, i) => Math.sin(i * i))
  const vectors = { data, count, dimensions }
  for (const metric of ['euclidean', 'cosine', 'angular', 'annoy-angular', 'manhattan', 'hamming'] as const) {
    const driver = nativeDriver(addon, metric, 'float32')
    const state = await driver.open(dimensions)
    await driver.append(state, vectors, UNNAMED)
    const found = await driver.search(state, vectors, 1, { tuning: {}, attempt: 0 })
    expect([...found.rows]).toEqual(Array.from({ length: count }, (_, i) => i))
    expect(found.distances.every((distance) => distance === 0)).toBe(true)
    driver.close!(state)
  }
})

test('what does not fit is refused before anything is read', async () => {
  const handle = addon.create({ metric: 'euclidean', storage: 'int8', dimensions: 3 })
  await addon.append(handle, new Float32Array(6), 2, 0, true)
  const invalid = expect.objectContaining({ code: 'INVALID_ARGUMENT' })
  const wrong: (() => unknown)[] = [
    () => addon.create({ metric: 'euclid' as never, storage: 'int8', dimensions: 3 }),
    () => addon.create({ metric: 'euclidean', storage: 'int4' as never, dimensions: 3 }),
    () => addon.create({ metric: 'euclidean', storage: 'int8', dimensions: 0 }),
    () => addon.create({ metric: 'euclidean', storage: 'int8', dimensions: 3, instructionSet: 'mmx' }),
    () => addon.append(handle, new Float32Array(7), 2, 0, true),
    () => addon.append(handle, new Float32Array(0), 2 ** 53, 0, true),
    () => addon.append(handle, new Float64Array(6) as never, 2, 0, true),
    () => addon.overwrite(handle, Uint32Array.of(2), new Float32Array(3), true),
    () => addon.overwrite(handle, Uint32Array.of(0), new Float32Array(4), true),
    () => addon.search(handle, new Float32Array(3), 1, 0, undefined, true),
    () => addon.search(handle, new Float32Array(2), 1, 1, undefined, true),
    () => addon.search(handle, new Float32Array(3), 1, 1, new Uint8Array(0), true),
    () => addon.within(handle, new Float32Array(3), 2, 1, undefined, true),
    () => addon.rows(handle, 1, 2),
    () => addon.rows({}, 0, 1),
    () => addon.count(null as never),
  ]
  for (const call of wrong) expect(call).toThrowError(invalid)
  expect(() => addon.create({ metric: 'hamming', storage: 'int8', dimensions: 3 })).toThrowError(expect.objectContaining({ code: 'INVALID_CONFIG' }))
  expect(addon.count(handle)).toBe(2)
  addon.close(handle)
  expect(() => addon.count(handle)).toThrowError(invalid)
})
