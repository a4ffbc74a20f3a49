// Vectors to test with: pseudo-random, the same every time.

import type { AnnoyMetric } from '@cbir/annoy-index'
import type { VectorBatch } from '@cbir/core'

/** Numbers in [0, 1), the same for the same seed (Mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Numbers of two decimals, which text carries exactly, or for `hamming` 0 and 1. */
export function randomVectors(seed: number, count: number, dimensions: number, metric: AnnoyMetric = 'euclidean'): VectorBatch {
  const random = randomNumbers(seed)
  const data = Float32Array.from({ length: count * dimensions }, () =>
    metric === 'hamming' ? Math.floor(random() * 2) : Math.floor(random() * 2000 - 1000) / 64,
  )
  return { data, count, dimensions }
}

export const uidsFor = (count: number): string[] => Array.from({ length: count }, (_, i) => `item ${i}`)

export const rowOf = ({ data, dimensions }: VectorBatch, row: number): Float32Array => data.slice(row * dimensions, (row + 1) * dimensions)
