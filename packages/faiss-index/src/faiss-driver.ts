// The driver of the faiss index: between core's rows and the addon.

import { type CallOptions, CbirError, type VectorBatch } from '@cbir/core'
import type { DenseRowsDriver, RowNeighbours, RowSearchOptions, TuningParameter } from '@cbir/core/define'
import { type NativeControl, nativeTask, ShortQueries, shortAnswer } from '@cbir/native-kit'
import type { FaissAddon, IndexHandle, NativeTuning, Settings } from './addon.ts'
import { checkDimensions, type Factory, leastTrainingRows, mostTrainingRows, writeFactory } from './factory-string.ts'
import type { FaissIndexConfig } from './faiss-config.ts'

/** The file of a saved index. */
export const INDEX_FILE = 'index.faiss'
/** A filter that lets through less than this share of a graph is answered by a scan of what it lets through. */
const SCAN_SHARE = 0.08

/** One index of faiss in memory. */
export interface FaissState {
  readonly handle: IndexHandle
  readonly dimensions: number
  /** Rows that there ever were. */
  rows: number
  /** No build is filling it. */
  complete: boolean
}

/** What the native index is made with. */
export function settingsOf(config: FaissIndexConfig, factory: Factory): Settings {
  const least = leastTrainingRows(factory)
  return {
    seed: config.seed,
    efConstruction: config.efConstruction,
    leastTrainingRows: least,
    trainingRows: Math.max(least, config.trainingRows ?? mostTrainingRows(factory)),
  }
}

/** `adopt`: an index that was read from a file, which the first build takes in place of a new one; the build then brings its names. */
export function faissDriver(addon: FaissAddon, config: FaissIndexConfig, factory: Factory, adopt?: FaissState): DenseRowsDriver<FaissState> {
  const { metric } = config
  const graph = factory.kind === 'hnsw'
  const lists = factory.kind === 'ivf'
  const settings = settingsOf(config, factory)
  let adopted = adopt
  const taken = new WeakSet<FaissState>()

  const tuningOf = (state: FaissState, k: number, { tuning, attempt, allow }: RowSearchOptions, everything = false): NativeTuning => {
    const wider = 4 ** attempt
    const most = Math.max(1, state.rows)
    const candidates = allow?.count ?? state.rows
    // A beam that must find a good part of all rows costs more than looking at each of them.
    const scan = graph && (4 * k >= candidates || (allow !== undefined && candidates <= SCAN_SHARE * state.rows))
    return {
      nprobe: Math.min(factory.lists || 1, (tuning['nprobe'] ?? config.nprobe) * wider),
      efSearch: Math.min(most, (tuning['efSearch'] ?? config.efSearch) * wider),
      everything: everything || scan,
    }
  }

  /** Multiplications that a search comes to, roughly. */
  const workOf = (state: FaissState, queries: number, k: number, options: RowSearchOptions): number => {
    const { nprobe, efSearch, everything } = tuningOf(state, k, options)
    const rows = options.allow?.count ?? state.rows
    if (lists) return queries * state.dimensions * (factory.lists + (state.rows * nprobe) / factory.lists)
    if (graph && !everything) return queries * state.dimensions * efSearch * factory.links
    return queries * state.dimensions * rows
  }

  const run = (
    { handle }: FaissState,
    { data, count }: VectorBatch,
    k: number,
    options: RowSearchOptions,
    tuning: NativeTuning,
    now: boolean,
    control?: NativeControl,
  ): Promise<RowNeighbours> | RowNeighbours | number => addon.nearest(handle, data, count, k, options.allow?.bits, tuning, now, control)

  const later = (state: FaissState, queries: VectorBatch, k: number, options: RowSearchOptions, everything = false): Promise<RowNeighbours> =>
    nativeTask(
      addon,
      options,
      (control) => run(state, queries, k, options, tuningOf(state, k, options, everything), false, control) as Promise<RowNeighbours>,
    )

  const short = new ShortQueries<FaissState>(
    {
      now: (state, queries, k, options) =>
        shortAnswer(addon, run(state, queries, k, options, tuningOf(state, k, options), true) as RowNeighbours | number, queries.count),
      later,
    },
    1e-7,
  )

  const tuning: Record<string, TuningParameter> = {}
  if (lists) tuning['nprobe'] = { min: 1, max: factory.lists, integer: true }
  if (graph) tuning['efSearch'] = { min: 1, max: 2 ** 20, integer: true }

  return {
    exact: factory.kind === 'codes' && factory.code.kind === 'flat' && factory.transforms.length === 0,
    layout: { metric, factory: writeFactory(factory) },
    tuning,
    appendsAfterFinish: true,
    open(dimensions) {
      if (adopted) {
        const state = adopted
        adopted = undefined
        taken.add(state)
        return state
      }
      checkDimensions(factory, config.factory, dimensions)
      return { handle: addon.make(dimensions, writeFactory(factory), metric, settings), dimensions, rows: 0, complete: false }
    },
    async append(state, vectors, { signal, following = 0 }) {
      if (taken.has(state)) return
      await nativeTask(addon, { signal }, (control) => addon.add(state.handle, vectors.data, vectors.count, following, control))
      state.rows += vectors.count
      addon.account(state.handle, state.complete)
    },
    async finish(state, options) {
      if (taken.delete(state)) return
      await nativeTask(addon, options, (control) => addon.finish(state.handle, control))
      state.complete = true
      addon.account(state.handle, true)
    },
    search: (state, queries, k, options) => short.search(state, queries, k, options, workOf(state, queries.count, k, options)),
    scan: (state, queries, k, options) => later(state, queries, k, options, true),
    within: graph
      ? undefined
      : (state, queries, radius, options) =>
          nativeTask(addon, options, (control) =>
            addon.within(
              state.handle,
              queries.data,
              queries.count,
              radius,
              options.allow?.bits,
              // "Every row": all lists, unless the call itself asks for fewer.
              tuningOf(state, 1, options, options.tuning['nprobe'] === undefined),
              false,
              control,
            ),
          ),
    overwrite: graph
      ? undefined
      : (state, rows, vectors, { signal }) =>
          nativeTask(addon, { signal }, (control) => addon.overwrite(state.handle, rows, vectors.count, vectors.data, control)),
    // Lists let go of the rows; elsewhere they keep their place until another vector takes it.
    free: graph
      ? undefined
      : (state, rows, { signal }) =>
          lists ? nativeTask(addon, { signal }, (control) => addon.free(state.handle, rows, rows.length, control)) : undefined,
    save: (state, writer, { signal }) => nativeTask(addon, { signal }, (control) => addon.write(state.handle, writer.path(INDEX_FILE), control)),
    async load(container, { dimensions, rows }, options) {
      const path = await container.path(INDEX_FILE, options)
      const handle = await openSaved(addon, path, config, factory, { dimensions, rows }, options)
      return { handle, dimensions, rows, complete: true }
    },
    close: (state) => addon.close(state.handle),
  }
}

/** Reads what `save` wrote. @throws CbirError CORRUPT_DATA */
export async function openSaved(
  addon: FaissAddon,
  path: string,
  config: FaissIndexConfig,
  factory: Factory,
  { dimensions, rows }: { readonly dimensions: number; readonly rows: number },
  { signal }: CallOptions,
): Promise<IndexHandle> {
  const handle = await nativeTask(addon, { signal }, (control) => addon.read(path, config.metric, settingsOf(config, factory), control))
  try {
    checkLoaded(addon.describe(handle).dimensions, dimensions)
    addon.restoreRows(handle, rows)
    return handle
  } catch (error) {
    addon.close(handle)
    throw error
  }
}

function checkLoaded(found: number, wanted: number): void {
  if (found === wanted) return
  throw new CbirError(
    'CORRUPT_DATA',
    `The saved faiss index has ${found} dimensions, its header ${wanted}. Restore it from a copy or build it again.`,
  )
}
