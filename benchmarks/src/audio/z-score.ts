// Standard scores: every dimension with mean 0 and standard deviation 1 over the vectors that are searched.

import type { VectorBatch } from '@cbir/core'

/** Scales both batches by what is measured on the first. */
export function zScore(fit: VectorBatch, others: readonly VectorBatch[]): VectorBatch[] {
  const { data, count, dimensions } = fit
  const mean = new Float64Array(dimensions)
  const squares = new Float64Array(dimensions)
  for (let i = 0; i < data.length; i++) mean[i % dimensions]! += data[i]! / count
  for (let i = 0; i < data.length; i++) squares[i % dimensions]! += (data[i]! - mean[i % dimensions]!) ** 2 / count
  const scaled = (batch: VectorBatch): VectorBatch => ({
    ...batch,
    data: batch.data.map((value, i) => (value - mean[i % dimensions]!) / Math.sqrt(squares[i % dimensions]! || 1)),
  })
  return [fit, ...others].map(scaled)
}
