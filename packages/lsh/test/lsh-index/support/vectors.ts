// Vectors for the tests: drawn from a seed, in clusters or not, and brute force over them.

import { distance, type Items, type Metric, type VectorBatch } from '@cbir/core'

/** Numbers in [0, 1) from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** `count` vectors around `clusters` centres. */
export function clustered(count: number, dimensions: number, clusters = 20, spread = 0.5, seed = 7): VectorBatch {
  const random = randomFrom(seed)
  const centres = Array.from({ length: clusters }, () => Float32Array.from({ length: dimensions }, () => normal(random)))
  const data = new Float32Array(count * dimensions)
  for (let i = 0; i < count; i++) {
    const centre = centres[Math.floor(random() * clusters)]!
    for (let j = 0; j < dimensions; j++) data[i * dimensions + j] = centre[j]! + spread * normal(random)
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
