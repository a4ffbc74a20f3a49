// The driver of the Annoy index: what core asks, put to the native forest.

import { type CallOptions, CbirError, type Progress, type VectorBatch } from '@cbir/core'
import { type DenseRowsDriver, inSlices, type RowNeighbours, type RowSearchOptions, RowSet } from '@cbir/core/define'
import { nativeTask, ShortQueries, shortAnswer } from '@cbir/native-kit'
import { annoyAddon, type ForestHandle } from './annoy-addon.ts'
import type { AnnoyIndexConfig } from './annoy-config.ts'

/** The file of a saved index that is Annoy's own, and the one with the number of its trees. */
export const FOREST_FILE = 'forest.ann'
const TREES_FILE = 'trees'

/** Numbers of a batch that are copied on the calling thread: some tens of microseconds. */
const COPY_NUMBERS = 1 << 16
/** Numbers that a thread of the pool compares in a row: about a millisecond. */
const GRAIN_NUMBERS = 4_000_000
/** Milliseconds a number that is compared takes, as a first guess. */
const MS_A_NUMBER = 2.5e-7
/** Items met, for each of k and each tree, where searchK is not given. */
const DEFAULT_BREADTH = 8
/** How much wider each further attempt searches. */
const WIDER = 4
const STEP = 4096

/** The rows of an index: a native forest, and which rows are no longer wanted. */
export interface AnnoyRows {
  readonly handle: ForestHandle
  readonly dimensions: number
  rows: number
  /** Planted trees, which may be others than a build would plant now. */
  trees: number
  readonly freed: RowSet
  /** The forest came whole from a file: building only names its rows. */
  adopted: boolean
}

/** How a query is answered: the work of it in numbers that are compared. */
interface Plan {
  readonly searchK: number
  readonly scan: boolean
  readonly numbers: number
}

/**
 * A driver for one configuration. `adopt`: a forest that was read from a file of Annoy, which the first build takes in the place of planting one.
 */
export function annoyDriver(config: AnnoyIndexConfig, adopt?: ForestHandle): DenseRowsDriver<AnnoyRows> {
  const addon = annoyAddon()
  const { metric, trees, threads, seed } = config
  let waiting = adopt

  const searchKOf = (state: AnnoyRows, k: number, { tuning, attempt }: RowSearchOptions): number =>
    Math.min(Math.max(k, tuning['searchK'] ?? config.searchK ?? DEFAULT_BREADTH * k * state.trees) * WIDER ** attempt, Number.MAX_SAFE_INTEGER)

  /** Where no more rows are allowed than a search would meet, measuring each of them is as fast, and exact. */
  const plan = (state: AnnoyRows, k: number, options: RowSearchOptions): Plan => {
    const searchK = searchKOf(state, k, options)
    const allowed = options.allow?.count ?? state.rows
    const scan = allowed <= searchK
    return { searchK, scan, numbers: (scan ? allowed : searchK) * state.dimensions }
  }

  const run = (
    state: AnnoyRows,
    queries: VectorBatch,
    k: number,
    options: RowSearchOptions,
    how: Plan,
    now: boolean,
    control?: object,
  ): RowNeighbours | number | Promise<RowNeighbours> => {
    const grain = Math.max(1, Math.floor(GRAIN_NUMBERS / how.numbers))
    return addon.search(state.handle, queries.data, queries.count, k, how.searchK, options.allow?.bits, how.scan, grain, now, control)
  }

  const later = (state: AnnoyRows, queries: VectorBatch, k: number, options: RowSearchOptions, how: Plan): Promise<RowNeighbours> =>
    nativeTask(addon, options, (control) => run(state, queries, k, options, how, false, control) as Promise<RowNeighbours>)

  const short = new ShortQueries<AnnoyRows>(
    {
      now: (state, queries, k, options) =>
        shortAnswer(addon, run(state, queries, k, options, plan(state, k, options), true) as RowNeighbours | number, queries.count),
      later: (state, queries, k, options) => later(state, queries, k, options, plan(state, k, options)),
    },
    MS_A_NUMBER,
  )

  const plant = async (state: AnnoyRows, { signal, onProgress }: CallOptions): Promise<void> => {
    // Counts on from the rows that core has reported.
    const { handle, rows } = state
    const counted = onProgress && (({ done, total = done }: Progress) => onProgress({ done: rows + done, total: rows + total }))
    await nativeTask(addon, { signal, onProgress: counted }, (control) => addon.plant(handle, trees, seed, threads, false, control))
  }

  return {
    exact: false,
    layout: { metric },
    tuning: { searchK: { min: 1, max: Number.MAX_SAFE_INTEGER, integer: true } },
    open(dimensions) {
      const handle = waiting ?? addon.create(metric, dimensions)
      const adopted = waiting !== undefined
      waiting = undefined
      return { handle, dimensions, rows: 0, trees: 0, freed: new RowSet(), adopted }
    },
    async append(state, vectors, options) {
      if (!state.adopted) {
        const now = vectors.data.length <= COPY_NUMBERS
        await nativeTask(addon, { signal: options.signal }, (control) => addon.append(state.handle, vectors.data, vectors.count, now, control))
        addon.account(state.handle, false)
      }
      state.rows += vectors.count
    },
    async finish(state, options) {
      if (!state.adopted) await plant(state, options)
      addon.account(state.handle, true)
      state.trees = addon.facts(state.handle).trees
    },
    search: (state, queries, k, options) => short.search(state, queries, k, options, plan(state, k, options).numbers * queries.count),
    scan(state, queries, k, options) {
      const numbers = (options.allow?.count ?? state.rows) * state.dimensions
      return later(state, queries, k, options, { searchK: state.rows, scan: true, numbers })
    },
    free: (state, rows) => inSlices(rows.length, STEP, (from, to) => state.freed.add(rows.subarray(from, to))),
    async save(state, writer, options) {
      const { handle } = state
      await writer.write(TREES_FILE, [new TextEncoder().encode(String(addon.facts(handle).trees))])
      // A copy: rows may be freed by a later call while this one is stopped but not over.
      const freed = state.freed.toBits()
      const holes = freed.length > 0 ? freed : undefined
      await nativeTask(addon, options, (control) => addon.write(handle, writer.path(FOREST_FILE), holes, false, control))
    },
    async load(container, { dimensions, rows }, options) {
      const planted = Number(new TextDecoder().decode(await container.read(TREES_FILE, options)))
      if (!Number.isInteger(planted) || planted < 1 || planted > 0x7fffffff) {
        throw new CbirError('CORRUPT_DATA', 'The saved index does not say how many trees it has. Restore it from a copy or build it again.')
      }
      const path = await container.path(FOREST_FILE, options)
      const handle = await nativeTask(addon, options, (control) => addon.open(metric, dimensions, path, planted, true, false, control))
      const { items } = addon.facts(handle)
      if (items !== rows) {
        addon.close(handle)
        throw new CbirError('CORRUPT_DATA', `The forest of the saved index has ${items} items, and its table names ${rows} rows.`)
      }
      return { handle, dimensions, rows, trees: planted, freed: new RowSet(), adopted: false }
    },
    close: (state) => addon.close(state.handle),
  }
}
