// The native side of the index, as TypeScript sees it.

import type { RowNeighbours } from '@cbir/core/define'
import { loadAddon, type NativeAddon, type NativeControl } from '@cbir/native-kit'

/** The folder of this package, where its binaries are. */
export const PACKAGE_ROOT: URL = new URL('..', import.meta.url)

/** A forest in native memory. Opaque. */
export type ForestHandle = object

export interface ForestFacts {
  /** Numbers of items, holes included. */
  readonly items: number
  readonly trees: number
  readonly nodes: number
  /** Bytes of memory; a mapped file counts for none. */
  readonly bytes: number
  readonly mapped: boolean
}

type Control = NativeControl | undefined

/** Calls with `now` run on the calling thread and give the result itself; else a promise. A `seed` that is undefined is Annoy's own. */
export interface AnnoyAddon extends NativeAddon {
  create(metric: string, dimensions: number): ForestHandle
  /** For the garbage collector, how much memory is behind the handle now. `complete`: no build is filling it. */
  account(handle: ForestHandle, complete: boolean): void
  append(handle: ForestHandle, vectors: Float32Array, count: number, now: boolean, control: Control): Promise<void> | undefined
  /** `trees` 0: as many as the items take memory. */
  plant(handle: ForestHandle, trees: number, seed: number | undefined, threads: number, now: boolean, control: Control): Promise<void> | undefined
  unplant(handle: ForestHandle): void
  /**
   * `scan`: every allowed item is measured, and no tree looked at. `grain`: queries that one thread answers in a row. With `now` the length of a short
   * answer (see `shortAnswer`), or the answer.
   */
  search(
    handle: ForestHandle,
    queries: Float32Array,
    count: number,
    k: number,
    searchK: number,
    allow: Uint8Array | undefined,
    scan: boolean,
    grain: number,
    now: boolean,
    control: Control,
  ): Promise<RowNeighbours> | RowNeighbours | number
  /** Writes a file of Annoy, with the items in `freed` as holes. */
  write(handle: ForestHandle, path: string, freed: Uint8Array | undefined, now: boolean, control: Control): Promise<void> | undefined
  /** Reads a file of Annoy. `trees` 0: found as Annoy finds them. `map`: the nodes stay in the file, which must never change. */
  open(
    metric: string,
    dimensions: number,
    path: string,
    trees: number,
    map: boolean,
    now: boolean,
    control: Control,
  ): Promise<ForestHandle> | ForestHandle
  facts(handle: ForestHandle): ForestFacts
  /** The vectors of the items `from … to - 1`, zeros for a hole. */
  read(handle: ForestHandle, from: number, to: number): Float32Array
  /** The numbers in `from … to - 1` that have no item. */
  holes(handle: ForestHandle, from: number, to: number): Uint32Array
  put(handle: ForestHandle, item: number, vector: Float32Array): void
  distance(handle: ForestHandle, a: number, b: number): number
  item(handle: ForestHandle, item: number): Float32Array
}

/** The addon, loaded when it is first wanted. @throws CbirError NOT_USABLE */
export function annoyAddon(): AnnoyAddon {
  return loadAddon<AnnoyAddon>(PACKAGE_ROOT)
}
