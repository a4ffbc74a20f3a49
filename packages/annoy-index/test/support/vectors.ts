// Vectors to test with: pseudo-random, the same every time.

import type { AnnoyMetric } from '@cbir/annoy-index'
import { randomFrom } from '@cbir/conformance'
import type { VectorBatch } from '@cbir/core'

/** Numbers of two decimals, which text carries exactly, or for `hamming` 0 and 1. */
export function randomVectors(seed: number, count: number, dimensions: number, metric: AnnoyMetric = 'euclidean'): VectorBatch {
  const { uniform } = randomFrom(seed)
  const data = Float32Array.from({ length: count * dimensions }, () =>
    metric === 'hamming' ? Math.floor(uniform() * 2) : Math.floor(uniform() * 2000 - 1000) / 64,
  )
  return { data, count, dimensions }
}

export const uidsFor = (count: number): string[] => Array.from({ length: count }, (_, i) => `item ${i}`)

export const rowOf = ({ data, dimensions }: VectorBatch, row: number): Float32Array => data.slice(row * dimensions, (row + 1) * dimensions)
