// Vectors to test with: random, named, and fit for the metric.

import type { Items, VectorBatch } from '@cbir/core'
import type { Random } from '../framework/random.ts'
import type { MetricName } from './exact-distance.ts'

/** `count` random vectors. Histograms for the metric that wants them (≥ 0, sum 1), small whole numbers for `hamming`, else normal. */
export function randomVectors(random: Random, count: number, dimensions: number, metric: MetricName): VectorBatch {
  const data = new Float32Array(count * dimensions)
  for (let i = 0; i < count; i++) fillVector(random, data.subarray(i * dimensions, (i + 1) * dimensions), metric)
  return { data, count, dimensions }
}

function fillVector(random: Random, row: Float32Array, metric: MetricName): void {
  for (let j = 0; j < row.length; j++) row[j] = metric === 'hamming' ? random.integer(3) : random.normal()
  if (metric !== 'histogram-intersection') return
  const total = row.reduce((sum, value) => sum + Math.abs(value), 0)
  for (let j = 0; j < row.length; j++) row[j] = Math.abs(row[j]!) / total
}

/** `count` vectors in clusters, as real features lie: what a recall is measured on. */
export function clusteredVectors(random: Random, count: number, dimensions: number, metric: MetricName): VectorBatch {
  const centres = randomVectors(random, Math.max(1, Math.round(Math.sqrt(count))), dimensions, metric)
  const batch = randomVectors(random, count, dimensions, metric)
  for (let i = 0; i < count; i++) {
    const centre = random.integer(centres.count) * dimensions
    for (let j = 0; j < dimensions; j++) {
      const at = i * dimensions + j
      if (metric === 'hamming') batch.data[at] = random.uniform() < 0.7 ? centres.data[centre + j]! : batch.data[at]!
      else batch.data[at] = 0.6 * centres.data[centre + j]! + 0.4 * batch.data[at]!
    }
  }
  return batch
}

/** Names that only an index which treats uids as opaque keeps apart. */
export function namesFor(count: number, prefix: string): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix} ${i}/é✓`)
}

/** Rows of several items as one. */
export function joinItems(...parts: readonly Items[]): Items {
  const dimensions = parts[0]!.vectors.dimensions
  const uids = parts.flatMap((part) => part.uids)
  const data = new Float32Array(uids.length * dimensions)
  let at = 0
  for (const { vectors } of parts) {
    data.set(vectors.data, at)
    at += vectors.data.length
  }
  return { uids, vectors: { data, count: uids.length, dimensions } }
}

/** The rows of `items` whose uid passes, in their order. */
export function pickItems(items: Items, passes: (uid: string, row: number) => boolean): Items {
  const { dimensions, data } = items.vectors
  const rows = items.uids.flatMap((uid, i) => (passes(uid, i) ? [i] : []))
  const picked = new Float32Array(rows.length * dimensions)
  for (const [i, row] of rows.entries()) picked.set(data.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions)
  return { uids: rows.map((row) => items.uids[row]!), vectors: { data: picked, count: rows.length, dimensions } }
}

/** Batches of at most `size` rows. */
export function batchesOf(items: Items, size: number): Items[] {
  const from = Array.from({ length: Math.ceil(items.uids.length / size) }, (_, i) => i * size)
  return from.map((start) => pickItems(items, (_, row) => row >= start && row < start + size))
}

/** A deep copy, for tests that change what they passed in. */
export function copyItems(items: Items): Items {
  return pickItems(items, () => true)
}
