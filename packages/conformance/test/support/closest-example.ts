// How the relevancy components made with core score: the share of the distance to the unwanted mean in the distances to both means.

import { rowOf, type VectorBatch } from '@cbir/core'
import { TimeSlice } from '@cbir/core/define'

function meanOf(batch: VectorBatch): number[] {
  const sum = new Array<number>(batch.dimensions).fill(0)
  for (const [at, x] of batch.data.entries()) sum[at % batch.dimensions]! += x / batch.count
  return sum
}

const apart = (vector: Float32Array, mean: readonly number[]): number => Math.sqrt(vector.reduce((sum, x, d) => sum + (x - mean[d]!) ** 2, 0))

/** A score for each row. */
export async function scoresByMeans(
  pool: VectorBatch,
  { positive, negative }: { readonly positive: VectorBatch; readonly negative: VectorBatch },
): Promise<Float32Array> {
  const slice = new TimeSlice()
  const wanted = meanOf(positive)
  const unwanted = negative.count > 0 ? meanOf(negative) : undefined
  const scores = new Float32Array(pool.count)
  for (let i = 0; i < pool.count; i++) {
    const near = apart(rowOf(pool, i), wanted)
    const far = unwanted ? apart(rowOf(pool, i), unwanted) : 1
    scores[i] = near + far === 0 ? 0.5 : far / (near + far)
    if (slice.due()) await slice.pause()
  }
  return scores
}
