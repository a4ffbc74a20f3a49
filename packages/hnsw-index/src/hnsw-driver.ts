// The driver of the HNSW index: what core asks, put to the native graph.

import { CbirError, type VectorBatch } from '@cbir/core'
import { type DenseRowsDriver, inSlices, type RowNeighbours, type RowSearchOptions, RowSet, toCbirError } from '@cbir/core/define'
import { type NativeControl, nativeTask, ShortQueries, shortAnswer } from '@cbir/native-kit'
import { type GraphHandle, type GraphSettings, hnswAddon, type ReadGraph } from './hnsw-addon.ts'
import { type HnswIndexConfig, MOST_EF } from './hnsw-config.ts'
import { planSearch } from './search-plan.ts'

/** The file of a saved index: one of hnswlib's, whose labels are rows, and whose vectors are as they were given. */
export const GRAPH_FILE = 'graph.hnswlib'

/** Numbers that a thread of the pool compares in a row: about half a millisecond. */
const GRAIN_NUMBERS = 1_500_000
/** Milliseconds a number that is compared takes, as a first guess. */
const MS_A_NUMBER = 4e-7
const STEP = 4096

/** The rows of an index: a native graph, and which of them are no longer wanted. */
export interface HnswRows {
  readonly handle: GraphHandle
  readonly dimensions: number
  rows: number
  readonly freed: RowSet
  /** The graph came whole from a file: building only names its rows. */
  readonly adopted: boolean
  /** No build is filling it. */
  complete: boolean
}

/** What the native side wants to know of a configuration. */
export function settingsOf({ metric, M, efConstruction, seed, codes, reproducible }: HnswIndexConfig, dimensions: number): GraphSettings {
  return { metric, dimensions, M, efConstruction, seed, codes: codes === 'int8', reproducible }
}

/** A driver for one configuration. `adopt`: a graph that was read from a file, which the first build takes in the place of making one. */
export function hnswDriver(config: HnswIndexConfig, adopt?: ReadGraph): DenseRowsDriver<HnswRows> {
  const addon = hnswAddon()
  const withCodes = config.codes === 'int8'
  let waiting = adopt

  const plan = (state: HnswRows, k: number, options: RowSearchOptions): ReturnType<typeof planSearch> =>
    planSearch(state, k, config.efSearch, withCodes, options)

  const run = (
    state: HnswRows,
    { data, count }: VectorBatch,
    k: number,
    options: RowSearchOptions,
    now: boolean,
    control?: NativeControl,
  ): Promise<RowNeighbours> | RowNeighbours | number => {
    const { ef, scan, numbers } = plan(state, k, options)
    const grain = Math.max(1, Math.floor(GRAIN_NUMBERS / numbers))
    return addon.search(state.handle, data, count, k, ef, options.allow?.bits, scan, grain, now, control)
  }

  const later = (state: HnswRows, queries: VectorBatch, k: number, options: RowSearchOptions): Promise<RowNeighbours> =>
    nativeTask(addon, options, (control) => run(state, queries, k, options, false, control) as Promise<RowNeighbours>)

  const short = new ShortQueries<HnswRows>(
    {
      now: (state, queries, k, options) => shortAnswer(addon, run(state, queries, k, options, true) as RowNeighbours | number, queries.count),
      later,
    },
    MS_A_NUMBER,
  )

  return {
    exact: false,
    layout: { metric: config.metric, M: config.M },
    tuning: { efSearch: { min: 1, max: MOST_EF, integer: true } },
    appendsAfterFinish: true,
    open(dimensions) {
      const read = waiting
      waiting = undefined
      const handle = read?.handle ?? addon.create(settingsOf(config, dimensions))
      return { handle, dimensions, rows: 0, freed: new RowSet(), adopted: read !== undefined, complete: false }
    },
    async append(state, vectors, { signal, following = 0 }) {
      // The graph of a file has its rows, until they are all named.
      if (!state.adopted || state.rows === addon.facts(state.handle).rows) {
        await nativeTask(addon, { signal }, (control) => addon.append(state.handle, vectors.data, vectors.count, following, control))
        addon.account(state.handle, state.complete)
      }
      state.rows += vectors.count
    },
    // Core tells the progress of a build and of an update, in its own units.
    async finish(state, { signal }) {
      await nativeTask(addon, { signal }, (control) => addon.makeCodes(state.handle, control))
      state.complete = true
      addon.account(state.handle, true)
    },
    search: (state, queries, k, options) => short.search(state, queries, k, options, plan(state, k, options).numbers * queries.count),
    scan: later,
    async overwrite(state, rows, vectors, { signal }) {
      await nativeTask(addon, { signal }, (control) => addon.overwrite(state.handle, rows, vectors.data, control))
      await inSlices(rows.length, STEP, (from, to) => state.freed.remove(rows.subarray(from, to)))
    },
    free: (state, rows) => inSlices(rows.length, STEP, (from, to) => state.freed.add(rows.subarray(from, to))),
    async save({ handle, rows, freed }, writer, options) {
      const live = freed.others(rows)
      await nativeTask(addon, options, (control) => addon.write(handle, writer.path(GRAPH_FILE), live, undefined, false, control))
    },
    async load(container, { dimensions, rows }, options) {
      const path = await container.path(GRAPH_FILE, options)
      const read = await nativeTask(addon, options, (control) => addon.read(path, settingsOf(config, dimensions), rows, false, control)).catch(
        (error: unknown) => {
          if (!CbirError.isInstance(error, 'DIMENSION_MISMATCH')) throw error
          throw new CbirError('CORRUPT_DATA', `The saved index names other dimensions than its graph has: ${error.message}`, { cause: error })
        },
      )
      try {
        const { M } = addon.facts(read.handle)
        if (M !== config.M) throw new CbirError('CORRUPT_DATA', `The saved index names ${config.M} as M, and its graph has ${M}.`)
        const freed = new RowSet()
        freed.add(read.deleted.filter((row) => row < rows))
        if (withCodes) await nativeTask(addon, options, (control) => addon.makeCodes(read.handle, control))
        return { handle: read.handle, dimensions, rows, freed, adopted: false, complete: true }
      } catch (error) {
        addon.close(read.handle)
        throw toCbirError(error, 'ADAPTER_FAULT', 'The saved index could not be opened')
      }
    },
    close: (state) => addon.close(state.handle),
  }
}
