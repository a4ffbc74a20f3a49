// SYNCHRONOUS, as its model is: every method blocks the event loop until it is done. AnnoyIndex with the methods and names of annoy-node.

import { existsSync, renameSync, rmSync } from 'node:fs'
import { CbirError } from '@cbir/core'
import { shortAnswer } from '@cbir/native-kit'
import { type AnnoyAddon, annoyAddon, type ForestHandle } from './annoy-addon.ts'
import type { AnnoyMetric } from './annoy-config.ts'

/** The numbers of annoy-node's metrics. */
export const Metric: { readonly ANGULAR: 1; readonly EUCLIDEAN: 2; readonly MANHATTAN: 3; readonly DOTPRODUCT: 4 } = {
  ANGULAR: 1,
  EUCLIDEAN: 2,
  MANHATTAN: 3,
  DOTPRODUCT: 4,
}
/** One of `Metric`. */
export type Metric = 1 | 2 | 3 | 4

/** Items, closest first, and where asked for how far each is. */
export interface AnnoyNeighbours {
  readonly neighbours: number[]
  readonly distances?: number[] | undefined
}

const METRICS: Readonly<Record<Metric, AnnoyMetric>> = { 1: 'annoy-angular', 2: 'euclidean', 3: 'manhattan', 4: 'inner-product' }
const MOST_ITEMS = 0x7fffffff

/**
 * annoy-node's class: code that used it changes its import. Every method blocks until it is done; `annoyIndex` of this package does not.
 *
 * What differs: whatever made annoy-node crash, read foreign memory or do nothing is a `CbirError`; vectors are stored as float32, so files are those
 * of Annoy itself (C++, Python, R), and those that annoy-node wrote (float64) are not readable; where fewer than `n` items are found, the answer is
 * as long as what was found.
 *
 * Distances are Annoy's own: √(2 − 2cos), √Σ(a−b)², Σ|a−b|, and ⟨a, b⟩ (the largest is the closest).
 */
export class AnnoyIndex {
  private readonly addon: AnnoyAddon
  private readonly size: number
  private readonly metric: Metric
  private handle: ForestHandle
  private seed: number | undefined
  /** `items` can be added; `built` here; `loaded` from a file, or saved to one. */
  private state: 'items' | 'built' | 'loaded' = 'items'

  /**
   * @param vectorSize numbers a vector, 1 to 65 536
   * @throws CbirError INVALID_ARGUMENT, NOT_SUPPORTED (more dimensions), NOT_USABLE (no binary for this platform)
   */
  constructor(vectorSize: number, metric: Metric) {
    checkInteger(vectorSize, 'The vector size', 1, MOST_ITEMS)
    if (!Object.hasOwn(METRICS, metric) || typeof metric !== 'number') {
      throw new CbirError(
        'INVALID_ARGUMENT',
        `The metric must be 1 (angular), 2 (euclidean), 3 (manhattan) or 4 (dot product), got ${String(metric)}.`,
      )
    }
    this.addon = annoyAddon()
    this.size = vectorSize
    this.metric = metric
    this.handle = this.addon.create(METRICS[metric], vectorSize)
  }

  /**
   * Gives item number `item` its vector; again, another one. Numbers that are left out take memory as well.
   * @throws CbirError INVALID_ARGUMENT, DIMENSION_MISMATCH, NOT_FINITE (also a number beyond float32), READ_ONLY (built or loaded),
   * ADAPTER_FAULT (no memory)
   */
  addItem(item: number, data: Float64Array | Float32Array): void {
    checkInteger(item, 'The item', 0, MOST_ITEMS - 1)
    const vector = this.vector(data, 'The item')
    if (this.state !== 'items')
      throw new CbirError('READ_ONLY', 'An item cannot be added to an index that has its trees. Call unload, or make a new one.')
    this.addon.put(this.handle, item, vector)
    this.addon.account(this.handle, true)
  }

  /**
   * Plants `trees` trees; −1: as many as the items take memory.
   * @param threads 1 where not given, which gives Annoy's own files for a seed; −1: one for each core
   * @throws CbirError INVALID_ARGUMENT, EMPTY_BUILD (no item), READ_ONLY (built or loaded)
   */
  build(trees: number, threads = 1): void {
    checkInteger(trees, 'The number of trees', -1, MOST_ITEMS)
    checkInteger(threads, 'The number of threads', -1, 1024)
    if (trees === 0 || threads === 0) throw new CbirError('INVALID_ARGUMENT', 'Trees and threads must be −1 or at least 1.')
    if (this.state !== 'items') throw new CbirError('READ_ONLY', 'The index has its trees. Call unload, or make a new one.')
    this.addon.plant(this.handle, Math.max(0, trees), this.seed, threads === -1 ? this.addon.threads : threads, true, undefined)
    this.addon.account(this.handle, true)
    this.state = 'built'
  }

  /** Takes away the trees, so that items can be added again. @throws CbirError READ_ONLY (loaded or saved) */
  unbuild(): void {
    if (this.state === 'loaded') throw new CbirError('READ_ONLY', 'An index that was loaded or saved keeps its trees.')
    this.addon.unplant(this.handle)
    this.state = 'items'
  }

  /**
   * Writes a file of Annoy, beside and renamed. From then on the index is as one that was loaded.
   * @throws CbirError INVALID_ARGUMENT, EMPTY_INDEX (not built), IO_FAILED
   */
  save(path: string): void {
    checkPath(path)
    this.needTrees()
    const beside = `${path}.${process.pid}.tmp`
    try {
      this.addon.write(this.handle, beside, undefined, true, undefined)
      renameSync(beside, path)
    } catch (error) {
      rmSync(beside, { force: true })
      throw CbirError.isInstance(error) ? error : new CbirError('IO_FAILED', `Cannot write ${path}.`, { cause: error })
    }
    this.state = 'loaded'
  }

  /**
   * Reads a file of Annoy into memory and checks it; what the index held before is let go of. An error changes nothing.
   * @throws CbirError INVALID_ARGUMENT, NOT_FOUND, IO_FAILED, CORRUPT_DATA (damaged, or of another metric or size)
   */
  load(path: string): void {
    checkPath(path)
    if (!existsSync(path)) throw new CbirError('NOT_FOUND', `There is no file ${path}.`)
    const next = this.addon.open(METRICS[this.metric], this.size, path, 0, false, true, undefined) as ForestHandle
    this.addon.close(this.handle)
    this.handle = next
    this.state = 'loaded'
  }

  /** Lets go of items and trees. */
  unload(): void {
    const next = this.addon.create(METRICS[this.metric], this.size)
    this.addon.close(this.handle)
    this.handle = next
    this.state = 'items'
    this.seed = undefined
  }

  /**
   * The `n` items closest to one of them, itself first.
   * @param searchK items met in the trees; −1: n × trees
   * @throws CbirError INVALID_ARGUMENT (also an item that is not there), EMPTY_INDEX (not built)
   */
  get_nns_by_item(item: number, n: number, includeDistances = false, searchK = -1): AnnoyNeighbours {
    this.needTrees()
    return this.neighbours(this.get_item_vector(item), n, includeDistances, searchK)
  }

  /**
   * The `n` items closest to a vector.
   * @param searchK items met in the trees; −1: n × trees
   * @throws CbirError INVALID_ARGUMENT, DIMENSION_MISMATCH, NOT_FINITE, EMPTY_INDEX (not built)
   */
  get_nns_by_vector(vector: Float64Array | Float32Array, n: number, includeDistances = false, searchK = -1): AnnoyNeighbours {
    const query = this.vector(vector, 'The query')
    this.needTrees()
    return this.neighbours(query, n, includeDistances, searchK)
  }

  /** The vector of an item, a copy. @throws CbirError INVALID_ARGUMENT (an item that is not there) */
  get_item_vector(item: number): Float32Array {
    checkInteger(item, 'The item', 0, MOST_ITEMS - 1)
    return this.addon.item(this.handle, item)
  }

  /** How far two items are from each other. @throws CbirError INVALID_ARGUMENT (an item that is not there) */
  get_distance(i: number, j: number): number {
    checkInteger(i, 'The item', 0, MOST_ITEMS - 1)
    checkInteger(j, 'The item', 0, MOST_ITEMS - 1)
    return this.own(this.addon.distance(this.handle, i, j))
  }

  /** The highest number of an item, plus one. */
  get_n_items(): number {
    return this.addon.facts(this.handle).items
  }

  get_n_trees(): number {
    return this.addon.facts(this.handle).trees
  }

  /** The seed of the next build, 1 to 2^53 − 1. @throws CbirError INVALID_ARGUMENT */
  set_seed(seed: number): void {
    checkInteger(seed, 'The seed', 1, Number.MAX_SAFE_INTEGER)
    this.seed = seed
  }

  private neighbours(query: Float32Array, n: number, includeDistances: boolean, searchK: number): AnnoyNeighbours {
    checkInteger(n, 'n', 1, Number.MAX_SAFE_INTEGER)
    checkInteger(searchK, 'searchK', -1, Number.MAX_SAFE_INTEGER)
    if (typeof includeDistances !== 'boolean') throw new CbirError('INVALID_ARGUMENT', 'includeDistances must be true or false.')
    const { items, trees } = this.addon.facts(this.handle)
    const breadth = searchK === -1 ? Math.min(n * trees, Number.MAX_SAFE_INTEGER) : searchK
    const found = this.addon.search(this.handle, query, 1, Math.min(n, items), breadth, undefined, false, 1, true, undefined)
    const { rows, distances } = shortAnswer(this.addon, found as Exclude<typeof found, Promise<unknown>>, 1)
    const neighbours = Array.from(rows)
    return includeDistances ? { neighbours, distances: Array.from(distances, (distance) => this.own(distance)) } : { neighbours }
  }

  /** Annoy's value of a distance of core's. */
  private own(distance: number): number {
    return this.metric === Metric.DOTPRODUCT ? 0 - distance : distance
  }

  /** A copy at float32, which nobody else can change. */
  private vector(data: Float64Array | Float32Array, what: string): Float32Array {
    if (!(data instanceof Float64Array || data instanceof Float32Array)) {
      throw new CbirError('INVALID_ARGUMENT', `${what} must be a Float64Array or a Float32Array.`)
    }
    if (data.length !== this.size) {
      throw new CbirError('DIMENSION_MISMATCH', `${what} has ${data.length} numbers; the vectors of this index have ${this.size}.`)
    }
    const vector = Float32Array.from(data)
    if (!vector.every(Number.isFinite)) throw new CbirError('NOT_FINITE', `${what} has a number that is not finite, or too large for float32.`)
    return vector
  }

  private needTrees(): void {
    if (this.state === 'items') throw new CbirError('EMPTY_INDEX', 'The index has no trees. Add items and call build, or load a file.')
  }
}

export default AnnoyIndex

function checkInteger(value: number, what: string, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new CbirError('INVALID_ARGUMENT', `${what} must be an integer from ${least} to ${most}, got ${String(value)}.`)
}

function checkPath(path: string): void {
  if (typeof path === 'string' && path !== '' && !path.includes('\0')) return
  throw new CbirError('INVALID_ARGUMENT', 'The path of a file must be a string that is not empty.')
}
