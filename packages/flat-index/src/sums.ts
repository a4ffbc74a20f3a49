// The inner loops: for one query and many rows, the sum over coordinates that a metric is made from.

import type { CoordinateSum } from '@cbir/core'

/**
 * Writes to `out[i]` the sum for row `rows[from + i]` of a block, for `i < to - from`.
 * `data`: the block, row-major; `queries[at … at + dimensions)`: the query. Sums are made in double precision, in the order of the coordinates,
 * so that the sum of a vector with itself is the same number wherever it is computed.
 */
export type SumKernel = (
  data: Float32Array,
  dimensions: number,
  rows: Uint32Array,
  from: number,
  to: number,
  queries: Float32Array,
  at: number,
  out: Float64Array,
) => void

// Four rows at a time: the query's number is loaded once for four terms, and the four sums do not wait for each other. The loops differ in one
// term only; they are written out because a call for each term would cost ten times the term.

const squaredDifferences: SumKernel = (data, dimensions, rows, from, to, queries, at, out) => {
  let i = from
  for (; i + 3 < to; i += 4) {
    const a = rows[i]! * dimensions
    const b = rows[i + 1]! * dimensions
    const c = rows[i + 2]! * dimensions
    const d = rows[i + 3]! * dimensions
    let sa = 0
    let sb = 0
    let sc = 0
    let sd = 0
    for (let j = 0; j < dimensions; j++) {
      const q = queries[at + j]!
      const xa = data[a + j]! - q
      const xb = data[b + j]! - q
      const xc = data[c + j]! - q
      const xd = data[d + j]! - q
      sa += xa * xa
      sb += xb * xb
      sc += xc * xc
      sd += xd * xd
    }
    out[i - from] = sa
    out[i - from + 1] = sb
    out[i - from + 2] = sc
    out[i - from + 3] = sd
  }
  for (; i < to; i++) {
    const a = rows[i]! * dimensions
    let sum = 0
    for (let j = 0; j < dimensions; j++) {
      const x = data[a + j]! - queries[at + j]!
      sum += x * x
    }
    out[i - from] = sum
  }
}

const products: SumKernel = (data, dimensions, rows, from, to, queries, at, out) => {
  let i = from
  for (; i + 3 < to; i += 4) {
    const a = rows[i]! * dimensions
    const b = rows[i + 1]! * dimensions
    const c = rows[i + 2]! * dimensions
    const d = rows[i + 3]! * dimensions
    let sa = 0
    let sb = 0
    let sc = 0
    let sd = 0
    for (let j = 0; j < dimensions; j++) {
      const q = queries[at + j]!
      sa += data[a + j]! * q
      sb += data[b + j]! * q
      sc += data[c + j]! * q
      sd += data[d + j]! * q
    }
    out[i - from] = sa
    out[i - from + 1] = sb
    out[i - from + 2] = sc
    out[i - from + 3] = sd
  }
  for (; i < to; i++) {
    const a = rows[i]! * dimensions
    let sum = 0
    for (let j = 0; j < dimensions; j++) sum += data[a + j]! * queries[at + j]!
    out[i - from] = sum
  }
}

const absoluteDifferences: SumKernel = (data, dimensions, rows, from, to, queries, at, out) => {
  for (let i = from; i < to; i++) {
    const a = rows[i]! * dimensions
    let sum = 0
    for (let j = 0; j < dimensions; j++) sum += Math.abs(data[a + j]! - queries[at + j]!)
    out[i - from] = sum
  }
}

const minima: SumKernel = (data, dimensions, rows, from, to, queries, at, out) => {
  for (let i = from; i < to; i++) {
    const a = rows[i]! * dimensions
    let sum = 0
    for (let j = 0; j < dimensions; j++) {
      const x = data[a + j]!
      const q = queries[at + j]!
      sum += x < q ? x : q
    }
    out[i - from] = sum
  }
}

const differing: SumKernel = (data, dimensions, rows, from, to, queries, at, out) => {
  for (let i = from; i < to; i++) {
    const a = rows[i]! * dimensions
    let sum = 0
    for (let j = 0; j < dimensions; j++) sum += data[a + j] === queries[at + j] ? 0 : 1
    out[i - from] = sum
  }
}

/** The kernel of each sum. */
export const SUM_KERNELS: Readonly<Record<CoordinateSum, SumKernel>> = {
  'squared-difference': squaredDifferences,
  product: products,
  'absolute-difference': absoluteDifferences,
  minimum: minima,
  differing,
}
