// Files of float32 as batches.

import type { Items, VectorBatch } from '@cbir/core'
import { readFloats } from '../indexes/float-files.ts'

/** A file of nothing but float32, row-major. */
export function readRows(path: string, dimensions: number): VectorBatch {
  const data = readFloats(path)
  return { data, count: data.length / dimensions, dimensions }
}

export function firstRows({ data, dimensions }: VectorBatch, count: number): VectorBatch {
  return { data: data.slice(0, count * dimensions), count, dimensions }
}

export function oneRow({ data, dimensions }: VectorBatch, row: number): VectorBatch {
  return { data: data.subarray(row * dimensions, (row + 1) * dimensions), count: 1, dimensions }
}

/** Rows as items named by their number, some thousand at a time, from `from` to `to`. */
export function* items(vectors: VectorBatch, from = 0, to: number = vectors.count): Generator<Items> {
  const { data, dimensions } = vectors
  for (let first = from; first < to; first += 4096) {
    const count = Math.min(4096, to - first)
    yield {
      uids: Array.from({ length: count }, (_, i) => String(first + i)),
      vectors: { data: data.subarray(first * dimensions, (first + count) * dimensions), count, dimensions },
    }
  }
}
