// An index for core's own tests: a plain driver, with switches for the abilities and faults that the tests are about.

import { type DefinedIndex, type DenseRowsDriver, defineNearestNeighborsIndex, type RowNeighbours, type RowSearchOptions } from '../../src/define.ts'
import { distance, type Metric, type VectorBatch } from '../../src/index.ts'

export interface LinearState {
  rows: Float32Array[]
  closed: boolean
}

export type LinearDriver = DenseRowsDriver<LinearState>

/** A driver that keeps a Float32Array a row and sorts all distances for each query. */
export function linearDriver(metric: Metric = 'euclidean', overrides: Partial<LinearDriver> = {}): LinearDriver {
  const rowsOf = ({ data, count, dimensions }: VectorBatch): Float32Array[] =>
    Array.from({ length: count }, (_, i) => data.slice(i * dimensions, (i + 1) * dimensions))
  const ranked = (
    state: LinearState,
    queries: VectorBatch,
    { allow }: RowSearchOptions,
    keep: (all: { row: number; d: number }[]) => { row: number; d: number }[],
  ): RowNeighbours => {
    const answers = rowsOf(queries).map((query) => {
      const all = state.rows
        .map((vector, row) => ({ row, d: Math.fround(distance(metric, query, vector)) }))
        .filter(({ row }) => !allow || (allow.bits[row >> 3]! & (1 << (row & 7))) !== 0)
      return keep(all.sort((a, b) => a.d - b.d || a.row - b.row))
    })
    const offsets = new Uint32Array(answers.length + 1)
    answers.forEach((answer, i) => {
      offsets[i + 1] = offsets[i]! + answer.length
    })
    const flat = answers.flat()
    return { rows: Uint32Array.from(flat, ({ row }) => row), distances: Float32Array.from(flat, ({ d }) => d), offsets }
  }
  return {
    exact: true,
    layout: { metric },
    open: () => ({ rows: [], closed: false }),
    append: (state, vectors) => void state.rows.push(...rowsOf(vectors)),
    overwrite(state, rows, vectors) {
      rowsOf(vectors).forEach((vector, i) => {
        state.rows[rows[i]!] = vector
      })
    },
    free: () => {},
    search: (state, queries, k, options) => ranked(state, queries, options, (all) => all.slice(0, k)),
    within: (state, queries, radius, options) => ranked(state, queries, options, (all) => all.filter(({ d }) => d <= radius)),
    close: (state) => {
      state.closed = true
    },
    ...overrides,
  }
}

/** The index over that driver. */
export function linearIndex(metric: Metric = 'euclidean', overrides: Partial<LinearDriver> = {}): DefinedIndex {
  return defineNearestNeighborsIndex('linear', linearDriver(metric, overrides))
}
