// Vectors that lie together, for components that tell what is alike from what is not.

import type { VectorBatch } from '@cbir/core'

/** The vectors moved to the place of cluster `which`, far from those of another. Histograms stay histograms: ≥ 0, sum 1. */
export function clustered(batch: VectorBatch, which: number, histograms: boolean): VectorBatch {
  const data = batch.data.map((x, at) => {
    const own = at % batch.dimensions === which
    return histograms ? 0.3 * x + (own ? 0.7 : 0) : x + (own ? 8 : 0)
  })
  return { ...batch, data }
}
