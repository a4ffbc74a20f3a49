// The scan: every allowed row is compared with every query, block by block, in slices.

import { METRICS, type Metric, type VectorBatch } from '@cbir/core'
import { type RowBitmap, type RowNeighbours, type RowSearchOptions, TimeSlice, throwIfAborted } from '@cbir/core/define'
import { HitList } from './hit-list.ts'
import type { Block, RowStorage } from './row-storage.ts'
import { SUM_KERNELS } from './sums.ts'
import { TopK } from './top-k.ts'

/** Coordinates that are summed between two looks at the clock: about a tenth of a millisecond. */
const STEP_NUMBERS = 1 << 16

/** Gets the sums of one query with some rows of a block: `sums[i]` belongs to row `firstRow + places[from + i]`. */
type Visit = (query: number, block: Block, firstRow: number, places: Uint32Array, from: number, to: number, sums: Float64Array) => void

/** The `k` closest rows of each query; `k` is at most the number of allowed rows. */
export async function scanNearest(
  storage: RowStorage,
  metric: Metric,
  queries: VectorBatch,
  k: number,
  options: RowSearchOptions,
): Promise<RowNeighbours> {
  const best = new TopK(queries.count, k)
  const keyOf = rankingKey(metric)
  await scan(storage, metric, queries, options, (query, block, firstRow, places, from, to, sums) => {
    let worst = best.worst(query)
    for (let i = from; i < to; i++) {
      const sum = sums[i - from]!
      const key = keyOf(sum, block.squaredNorms[places[i]!]!)
      if (key >= worst && best.size(query) === k) continue
      best.offer(query, key, sum, firstRow + places[i]!)
      worst = best.worst(query)
    }
  })
  const finish = distanceOf(storage, metric, queries)
  const one = new HitList(k)
  return collect(queries.count, queries.count * k, (query) => {
    one.clear()
    best.each(query, (row, sum) => one.add(row, finish(query, row, sum)))
    return one
  })
}

/** Every row whose distance, as it is given out in float32, is at most `radius`. */
export async function scanWithin(
  storage: RowStorage,
  metric: Metric,
  queries: VectorBatch,
  radius: number,
  options: RowSearchOptions,
): Promise<RowNeighbours> {
  const found = Array.from({ length: queries.count }, () => new HitList())
  const finish = distanceOf(storage, metric, queries)
  await scan(storage, metric, queries, options, (query, _block, firstRow, places, from, to, sums) => {
    for (let i = from; i < to; i++) {
      const row = firstRow + places[i]!
      const distance = finish(query, row, sums[i - from]!)
      if (distance <= radius) found[query]!.add(row, distance)
    }
  })
  const total = found.reduce((sum, list) => sum + list.count, 0)
  return collect(queries.count, total, (query) => found[query]!)
}

async function scan(storage: RowStorage, metric: Metric, queries: VectorBatch, options: RowSearchOptions, visit: Visit): Promise<void> {
  const { dimensions, rowsPerBlock, blocks, count } = storage
  const sumRows = SUM_KERNELS[METRICS[metric].sum]
  const stepRows = Math.max(1, Math.floor(STEP_NUMBERS / dimensions))
  const sums = new Float64Array(Math.min(stepRows, rowsPerBlock))
  const places = new Uint32Array(rowsPerBlock)
  const slice = new TimeSlice()
  for (let b = 0; b < blocks.length; b++) {
    const block = blocks[b]!
    const firstRow = b * rowsPerBlock
    const allowed = allowedPlaces(options.allow, firstRow, Math.min(rowsPerBlock, count - firstRow), places)
    for (let query = 0; query < queries.count; query++) {
      for (let from = 0; from < allowed; from += stepRows) {
        const to = Math.min(allowed, from + stepRows)
        sumRows(block.data, dimensions, places, from, to, queries.data, query * dimensions, sums)
        visit(query, block, firstRow, places, from, to, sums)
        if (slice.due()) {
          await slice.pause()
          throwIfAborted(options.signal)
        }
      }
    }
    options.onProgress?.({ done: Math.min(count, firstRow + rowsPerBlock), total: count })
  }
}

/** Fills `places` with the rows of a block that may be found; gives how many. */
function allowedPlaces(allow: RowBitmap | undefined, firstRow: number, rows: number, places: Uint32Array): number {
  let count = 0
  for (let place = 0; place < rows; place++) {
    const row = firstRow + place
    if (!allow || (allow.bits[row >> 3]! & (1 << (row & 7))) !== 0) places[count++] = place
  }
  return count
}

/** A number that orders rows of one query as their distances do, without the finishing step. */
function rankingKey(metric: Metric): (sum: number, squaredNorm: number) => number {
  const { sum, usesNorms } = METRICS[metric]
  if (usesNorms) return (dot, squaredNorm) => (squaredNorm === 0 ? 0 : -dot / Math.sqrt(squaredNorm))
  return sum === 'product' || sum === 'minimum' ? (s) => -s : (s) => s
}

/** The distance of a row from its sum, rounded as it will be given out. */
function distanceOf(storage: RowStorage, metric: Metric, queries: VectorBatch): (query: number, row: number, sum: number) => number {
  const { dimensions, rowsPerBlock, blocks } = storage
  const { finish, usesNorms } = METRICS[metric]
  const queryNorms = usesNorms
    ? Float64Array.from({ length: queries.count }, (_, query) => squaredNorm(queries, query))
    : new Float64Array(queries.count)
  return (query, row, sum) => {
    const rowNorm = blocks[Math.floor(row / rowsPerBlock)]!.squaredNorms[row % rowsPerBlock]!
    return Math.fround(finish(sum, queryNorms[query]!, rowNorm, dimensions)) + 0 // + 0 turns −0 into 0
  }
}

function squaredNorm(queries: VectorBatch, query: number): number {
  let sum = 0
  for (let i = query * queries.dimensions; i < (query + 1) * queries.dimensions; i++) sum += queries.data[i]! * queries.data[i]!
  return sum
}

/** Rows and distances of all queries in one answer, each query's by distance and then by row. */
async function collect(queries: number, total: number, hitsOf: (query: number) => HitList): Promise<RowNeighbours> {
  const rows = new Uint32Array(total)
  const distances = new Float32Array(total)
  const offsets = new Uint32Array(queries + 1)
  const slice = new TimeSlice()
  for (let query = 0; query < queries; query++) {
    const hits = hitsOf(query)
    await hits.sort()
    hits.copyTo(rows, distances, offsets[query]!)
    offsets[query + 1] = offsets[query]! + hits.count
    if (slice.due()) await slice.pause()
  }
  return { rows, distances, offsets }
}
