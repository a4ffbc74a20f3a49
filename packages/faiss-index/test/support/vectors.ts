// Vectors to test with, and the distances of the design's table in double precision. Shares no code with the index.

import { randomFrom } from '@cbir/conformance'
import type { Items, VectorBatch } from '@cbir/core'

/** Vectors in clusters, as features lie. */
export function clusteredVectors(count: number, dimensions: number, seed = 1): VectorBatch {
  const { uniform: next } = randomFrom(seed)
  const centres = Array.from({ length: 16 * dimensions }, () => 4 * next() - 2)
  const data = new Float32Array(count * dimensions)
  for (let i = 0; i < count; i++) {
    const centre = Math.floor(16 * next()) * dimensions
    for (let j = 0; j < dimensions; j++) data[i * dimensions + j] = centres[centre + j]! + next() - 0.5
  }
  return { data, count, dimensions }
}

/** The same with uids `0`, `1`, … or as named. */
export function itemsOf(vectors: VectorBatch, name: (row: number) => string = String): Items {
  return { uids: Array.from({ length: vectors.count }, (_, i) => name(i)), vectors }
}

/** Rows `from … to - 1` of a batch. */
export function rowsOf({ data, dimensions }: VectorBatch, from: number, to: number): VectorBatch {
  return { data: data.slice(from * dimensions, to * dimensions), count: to - from, dimensions }
}

type Vector = ArrayLike<number>
function sum(length: number, term: (i: number) => number): number {
  let total = 0
  for (let i = 0; i < length; i++) total += term(i)
  return total
}

const dot = (a: Vector, b: Vector): number => sum(a.length, (i) => a[i]! * b[i]!)

export const distances = {
  euclidean: (a: Vector, b: Vector): number => Math.sqrt(sum(a.length, (i) => (a[i]! - b[i]!) ** 2)),
  'inner-product': (a: Vector, b: Vector): number => -dot(a, b),
  cosine: (a: Vector, b: Vector): number => {
    const lengths = Math.sqrt(dot(a, a) * dot(b, b))
    return lengths === 0 ? 1 : 1 - dot(a, b) / lengths
  },
} as const

/** The distances of a query to all rows, ascending. */
export function exactDistances(metric: keyof typeof distances, query: Vector, { data, count, dimensions }: VectorBatch): number[] {
  return Array.from({ length: count }, (_, i) => distances[metric](query, data.subarray(i * dimensions, (i + 1) * dimensions))).sort((a, b) => a - b)
}
