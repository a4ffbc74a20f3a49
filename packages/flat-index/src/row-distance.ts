// The way from a sum over coordinates to the distance that is given out.

import { METRICS, type Metric, type VectorBatch } from '@cbir/core'
import { inSlices } from '@cbir/core/define'

/** Numbers of the queries that are summed between two looks at the clock. */
const STEP_NUMBERS = 1 << 16

/** Turns the sum of a query with a row, and Σx² of the row, into a number. */
export type FromSum = (query: number, sum: number, squaredNorm: number) => number

export interface RowDistance {
  /** The distance, rounded to float32 as it is given out. Never −0. */
  readonly distance: FromSum
  /** A number that is cheap and orders the rows of one query as their distances do. */
  readonly key: FromSum
}

/** Distances of any row to these queries. */
export async function rowDistance(metric: Metric, queries: VectorBatch): Promise<RowDistance> {
  const { sum, finish, usesNorms } = METRICS[metric]
  const { dimensions } = queries
  const norms = usesNorms ? await squaredNorms(queries) : new Float64Array(queries.count)
  return {
    distance: (query, s, norm) => Math.fround(finish(s, norms[query]!, norm, dimensions)) + 0, // + 0 turns −0 into 0
    key: keyOf(),
  }

  function keyOf(): FromSum {
    // Every metric that reads norms falls as the cosine rises; the cosine's own finish spares the arc.
    if (usesNorms) return (query, s, norm) => METRICS.cosine.finish(s, norms[query]!, norm, dimensions)
    return sum === 'product' || sum === 'minimum' ? (_query, s) => -s : (_query, s) => s
  }
}

async function squaredNorms({ data, count, dimensions }: VectorBatch): Promise<Float64Array> {
  const norms = new Float64Array(count)
  await inSlices(count, Math.max(1, Math.floor(STEP_NUMBERS / dimensions)), (from, to) => {
    for (let query = from; query < to; query++) {
      let sum = 0
      for (let i = query * dimensions; i < (query + 1) * dimensions; i++) sum += data[i]! * data[i]!
      norms[query] = sum
    }
  })
  return norms
}
