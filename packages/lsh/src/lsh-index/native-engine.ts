// nativeEngine: the computations of the LSH index in native code. Short queries run on the calling thread, the others on the pool.

import type { BitBatch, CallOptions, Metric, VectorBatch } from '@cbir/core'
import type { RowBitmap, RowNeighbours, RowSearchOptions } from '@cbir/core/define'
import { type NativeControl, nativeTask, ShortQueries, shortAnswer } from '@cbir/native-kit'
import type { RerankAddon, RerankAnswer } from './rerank-addon.ts'
import type { CodeView, Ready, RerankEngine, VectorRows } from './rerank-engine.ts'

/** Numbers that are copied on the calling thread rather than on another: some 50 µs. */
const SHORT_COPY = 1 << 15
/** What fetching one more vector takes, in numbers. */
const PER_VECTOR = 64
/** Work that one thread of the pool does in a row, in numbers: about half a millisecond. */
const GRAIN_NUMBERS = 1 << 20
/** Milliseconds a number takes, as a first guess. */
const MS_A_NUMBER = 4e-7
/** What looking at the 64 bits of a code takes, in numbers. */
const PER_WORD = 8

/** One computation for some queries, by a call of the addon. `grain`: queries a thread answers in a row. */
type Work = (queries: VectorBatch, k: number, grain: number, now: boolean, control: NativeControl | undefined) => RerankAnswer
type Run = (queries: VectorBatch, k: number, now: boolean, options: CallOptions) => Ready<RowNeighbours>

/** Decides for every computation of a kind whether it runs here and now or on the pool. */
class Runner {
  private readonly addon: RerankAddon
  private readonly short: ShortQueries<Run>

  constructor(addon: RerankAddon) {
    this.addon = addon
    this.short = new ShortQueries<Run>(
      {
        now: (run, queries, k, options) => run(queries, k, true, options) as RowNeighbours,
        later: (run, queries, k, options) => run(queries, k, false, options) as Promise<RowNeighbours>,
      },
      MS_A_NUMBER,
    )
  }

  /** `numbers`: the work of one query. */
  run(queries: VectorBatch, k: number, numbers: number, { signal }: CallOptions, work: Work): Ready<RowNeighbours> {
    const { addon } = this
    const grain = Math.max(1, Math.floor(GRAIN_NUMBERS / numbers))
    const run: Run = (batch, most, now, { signal: until }) => {
      if (now) return shortAnswer(addon, work(batch, most, grain, true, undefined) as RowNeighbours | number, batch.count)
      return nativeTask(addon, { signal: until }, (control) => work(batch, most, grain, false, control) as Promise<RowNeighbours>)
    }
    const how: RowSearchOptions = { signal, tuning: {}, attempt: 0 }
    return this.short.search(run, queries, k, how, numbers * queries.count)
  }
}

/** An engine over the addon. */
export function nativeEngine(addon: RerankAddon, metric: Metric): RerankEngine {
  const ranks = new Runner(addon)
  const scans = new Runner(addon)
  const codeScans = new Runner(addon)
  const dataOf = ({ data, count, dimensions }: VectorBatch): Float32Array =>
    data.length === count * dimensions ? data : data.subarray(0, count * dimensions)
  const allowed = (allow: RowBitmap | undefined, rows: number): number => Math.min(rows, allow?.count ?? rows)

  function rows(dimensions: number): VectorRows {
    const handle = addon.createVectorRows(metric, dimensions)
    let count = 0
    return {
      dimensions,
      get count() {
        return count
      },
      append(vectors, following, { signal }) {
        const grown = (): void => {
          count += vectors.count
        }
        if (vectors.data.length <= SHORT_COPY) {
          addon.appendVectorRows(handle, vectors.data, vectors.count, following, true, undefined)
          return grown()
        }
        const work = nativeTask(addon, { signal }, (control) =>
          addon.appendVectorRows(handle, vectors.data, vectors.count, following, false, control),
        )
        return work.then(grown)
      },
      overwrite: (which, vectors) => addon.overwriteVectorRows(handle, which, vectors.data, vectors.data.length <= SHORT_COPY, undefined),
      truncate(to) {
        addon.truncateVectorRows(handle, to)
        count = to
      },
      read: (from, to) => addon.readVectorRows(handle, from, to),
      pick: (which) => addon.pickVectorRows(handle, which),
      rank(queries, { rows: some, offsets }, k, options) {
        const numbers = ((some.length + 1) / queries.count) * (dimensions + PER_VECTOR)
        return ranks.run(queries, k, numbers, options, (batch, most, ...how) =>
          addon.rankRows(handle, dataOf(batch), batch.count, some, offsets, most, ...how),
        )
      },
      scan(queries, k, allow, options) {
        return scans.run(queries, k, (allowed(allow, count) + 1) * (dimensions + PER_VECTOR), options, (batch, most, grain, ...how) => {
          // A thread reads the rows once for several queries, so it should get some at a time.
          const tile = Math.max(grain, Math.min(8, Math.ceil(batch.count / (2 * addon.threads))))
          return addon.scanRows(handle, dataOf(batch), batch.count, most, allow?.bits, tile, ...how)
        })
      },
      close: () => addon.close(handle),
    }
  }

  return {
    rows,
    rankVectors(queries, vectors, { rows: some, offsets }, k, options) {
      const numbers = ((some.length + 1) / queries.count) * queries.dimensions
      return ranks.run(queries, k, numbers, options, (batch, most, ...how) =>
        addon.rankVectors(metric, batch.dimensions, dataOf(batch), batch.count, vectors, some, offsets, most, ...how),
      )
    },
    closestCodes(codes, queries, limit, allow, options) {
      const words = queries.stride / 8
      const asked: VectorBatch = { data: new Float32Array(0), count: queries.count, dimensions: 1 }
      return codeScans.run(asked, limit, (codes.rows + 1) * PER_WORD * words + limit, options, (_asked, most, ...how) =>
        addon.closestCodes(codes.data, words, codes.rows, queries.data, queries.count, most, allow?.bits, ...how),
      )
    },
    countByDistance: (codes: CodeView, queries: BitBatch, { signal }: CallOptions): Promise<Uint32Array> =>
      nativeTask(addon, { signal }, (control) =>
        addon.countByDistance(codes.data, queries.stride / 8, codes.rows, queries.data, queries.count, control),
      ),
  }
}
