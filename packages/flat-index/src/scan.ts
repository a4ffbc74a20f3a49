// The scan: every allowed row is compared with every query, block by block, in slices.

import { METRICS, type Metric, type VectorBatch } from '@cbir/core'
import { inSlices, type RowBitmap, type RowNeighbours, type RowSearchOptions, TimeSlice, throwIfAborted } from '@cbir/core/define'
import { HitList } from './hit-list.ts'
import { rowDistance } from './row-distance.ts'
import type { Block, RowStorage } from './row-storage.ts'
import { SUM_KERNELS } from './sums.ts'
import { TopK } from './top-k.ts'

/** Coordinates that are summed between two looks at the clock: about a tenth of a millisecond. */
const STEP_NUMBERS = 1 << 16
/** Rows at most between two looks at the clock, however short they are: each may have to enter a heap. */
const STEP_ROWS = 1 << 12

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
  const { key, distance } = await rowDistance(metric, queries)
  await scan(storage, metric, queries, options, (query, { squaredNorms }, firstRow, places, from, to, sums) => {
    let bound = best.bound(query)
    for (let i = from; i < to; i++) {
      const place = places[i]!
      const sum = sums[i - from]!
      const rank = key(query, sum, squaredNorms[place]!)
      if (rank >= bound) continue
      best.offer(query, rank, distance(query, sum, squaredNorms[place]!), firstRow + place)
      bound = best.bound(query)
    }
  })
  const hits = new HitList(k)
  return collect(queries.count, queries.count * k, async (query) => {
    hits.clear()
    await inSlices(best.size(query), STEP_ROWS, (from, to) => best.each(query, from, to, (row, d) => hits.add(row, d)))
    return hits
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
  const { distance } = await rowDistance(metric, queries)
  await scan(storage, metric, queries, options, (query, { squaredNorms }, firstRow, places, from, to, sums) => {
    const hits = found[query]!
    for (let i = from; i < to; i++) {
      const place = places[i]!
      const d = distance(query, sums[i - from]!, squaredNorms[place]!)
      if (d <= radius) hits.add(firstRow + place, d)
    }
  })
  const total = found.reduce((sum, hits) => sum + hits.count, 0)
  return collect(queries.count, total, async (query) => found[query]!)
}

async function scan(storage: RowStorage, metric: Metric, queries: VectorBatch, options: RowSearchOptions, visit: Visit): Promise<void> {
  const { dimensions, rowsPerBlock, blocks, count } = storage
  const sumRows = SUM_KERNELS[METRICS[metric].sum]
  const stepRows = Math.min(STEP_ROWS, rowsPerBlock, Math.max(1, Math.floor(STEP_NUMBERS / dimensions)))
  const sums = new Float64Array(stepRows)
  const places = new Uint32Array(rowsPerBlock)
  const slice = new TimeSlice()
  const pause = async (): Promise<void> => {
    await slice.pause()
    throwIfAborted(options.signal)
  }
  for (let b = 0; b < blocks.length; b++) {
    const block = blocks[b]!
    const firstRow = b * rowsPerBlock
    const allowed = allowedPlaces(options.allow, firstRow, Math.min(rowsPerBlock, count - firstRow), places)
    for (let query = 0; query < queries.count; query++) {
      for (let from = 0; from < allowed; from += stepRows) {
        const to = Math.min(allowed, from + stepRows)
        sumRows(block.data, dimensions, places, from, to, queries.data, query * dimensions, sums)
        visit(query, block, firstRow, places, from, to, sums)
        if (slice.due()) await pause()
      }
    }
    if (slice.due()) await pause() // also where a filter leaves nothing of many blocks
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

/** Rows and distances of all queries in one answer, each query's by distance and then by row. */
async function collect(queries: number, total: number, hitsOf: (query: number) => Promise<HitList>): Promise<RowNeighbours> {
  const rows = new Uint32Array(total)
  const distances = new Float32Array(total)
  const offsets = new Uint32Array(queries + 1)
  const slice = new TimeSlice()
  for (let query = 0; query < queries; query++) {
    const hits = await hitsOf(query)
    const at = offsets[query]!
    await hits.sort()
    await inSlices(hits.count, STEP_ROWS, (from, to) => hits.copyTo(rows, distances, at, from, to))
    offsets[query + 1] = at + hits.count
    if (slice.due()) await slice.pause()
  }
  return { rows, distances, offsets }
}
