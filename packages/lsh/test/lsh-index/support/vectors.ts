// Vectors for the tests: drawn from a seed, in clusters or not, and brute force over them.

import { randomFrom } from '@cbir/conformance'
import { distance, type Items, type Metric, type VectorBatch } from '@cbir/core'

/** `count` vectors around `clusters` centres. */
export function clustered(count: number, dimensions: number, clusters = 20, spread = 0.5, seed = 7): VectorBatch {
  const { uniform, normal } = randomFrom(seed)
  const centres = Array.from({ length: clusters }, () => Float32Array.from({ length: dimensions }, normal))
  const data = new Float32Array(count * dimensions)
  for (let i = 0; i < count; i++) {
    const centre = centres[Math.floor(uniform() * clusters)]!
    for (let j = 0; j < dimensions; j++) data[i * dimensions + j] = centre[j]! + spread * normal()
  }
  return { data, count, dimensions }
}

export function rows(batch: VectorBatch, from: number, to: number): VectorBatch {
  return { data: batch.data.slice(from * batch.dimensions, to * batch.dimensions), count: to - from, dimensions: batch.dimensions }
}

/** The rows of a batch as items named by their number behind a prefix. */
export function itemsOf(vectors: VectorBatch, prefix = 'v'): Items {
  return { uids: Array.from({ length: vectors.count }, (_, i) => `${prefix}${i}`), vectors }
}

/** The distances of the `k` closest of named vectors to a query, ascending. */
export function bruteForce(held: ReadonlyMap<string, Float32Array>, query: Float32Array, k: number, metric: Metric): number[] {
  return [...held.values()]
    .map((vector) => distance(metric, query, vector))
    .sort((a, b) => a - b)
    .slice(0, k)
}
