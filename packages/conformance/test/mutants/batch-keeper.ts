// An index whose driver keeps the batches that it is given instead of copying them: core fills their memory with what comes next.

import type { FullIndex, MetricName } from '@cbir/conformance'
import { distance, rowOf, type VectorBatch } from '@cbir/core'
import { type DenseRowsDriver, defineNearestNeighborsIndex, inSlices, type RowNeighbours, type RowSearchOptions } from '@cbir/core/define'

/** Where a row stands: row `at` of a batch. */
interface Place {
  readonly batch: VectorBatch
  readonly at: number
}

const placesIn = (batch: VectorBatch): Place[] => Array.from({ length: batch.count }, (_, at) => ({ batch, at }))

/** Exact in everything else. */
export function batchKeeper(metric: MetricName): FullIndex {
  const driver: DenseRowsDriver<Place[]> = {
    exact: true,
    open: () => [],
    append: (places, batch) => void places.push(...placesIn(batch)),
    overwrite(places, rows, batch) {
      for (const [i, place] of placesIn(batch).entries()) places[rows[i]!] = place
    },
    free: () => {},
    search: (places, queries, k, { allow }) => scan(places, queries, allow, (all) => all.slice(0, k)),
    within: (places, queries, radius, { allow }) => scan(places, queries, allow, (all) => all.filter(({ d }) => d <= radius)),
  }

  async function scan(
    places: readonly Place[],
    queries: VectorBatch,
    allow: RowSearchOptions['allow'],
    keep: (all: { row: number; d: number }[]) => { row: number; d: number }[],
  ): Promise<RowNeighbours> {
    const isAllowed = (row: number): boolean => !allow || (allow.bits[row >> 3]! & (1 << (row & 7))) !== 0
    const answers: { row: number; d: number }[][] = []
    await inSlices(queries.count, 1, (i) => {
      const all = places.map(({ batch, at }, row) => ({ row, d: Math.fround(distance(metric, rowOf(queries, i), rowOf(batch, at))) }))
      answers.push(keep(all.filter(({ row }) => isAllowed(row)).sort((a, b) => a.d - b.d || a.row - b.row)))
    })
    const offsets = new Uint32Array(answers.length + 1)
    for (const [i, { length }] of answers.entries()) offsets[i + 1] = offsets[i]! + length
    const flat = answers.flat()
    return { rows: Uint32Array.from(flat, ({ row }) => row), distances: Float32Array.from(flat, ({ d }) => d), offsets }
  }

  return defineNearestNeighborsIndex('batch-keeper', driver)
}
