// The native side of the index, as TypeScript sees it.

import type { RowNeighbours } from '@cbir/core/define'
import { loadAddon, type NativeAddon, type NativeControl } from '@cbir/native-kit'

/** The folder of this package, where its binaries are. */
export const PACKAGE_ROOT: URL = new URL('..', import.meta.url)

/** A graph in native memory. Opaque. */
export type GraphHandle = object

export interface GraphSettings {
  readonly metric: string
  /** 0, where a file is read: as many as its vectors have. */
  readonly dimensions: number
  readonly M: number
  readonly efConstruction: number
  readonly seed: number
  readonly codes: boolean
  readonly reproducible: boolean
}

export interface GraphFacts {
  readonly rows: number
  /** Rows, and what insertions that failed left behind. */
  readonly nodes: number
  readonly dimensions: number
  readonly M: number
  readonly efConstruction: number
}

export interface ReadGraph {
  readonly handle: GraphHandle
  /** The label of each node, a little-endian uint64 each. */
  readonly labels: Uint8Array
  /** Nodes with hnswlib's mark of the deleted. */
  readonly deleted: Uint32Array
}

type Control = NativeControl | undefined

export interface HnswAddon extends NativeAddon {
  create(settings: GraphSettings): GraphHandle
  /** For the garbage collector, how much memory is behind the handle now. `complete`: no build is filling it. */
  account(handle: GraphHandle, complete: boolean): void
  /** `following`: rows that later calls are known to bring. */
  append(handle: GraphHandle, vectors: Float32Array, count: number, following: number, control: Control): Promise<void>
  overwrite(handle: GraphHandle, rows: Uint32Array, vectors: Float32Array, control: Control): Promise<void>
  makeCodes(handle: GraphHandle, control: Control): Promise<void>
  /**
   * `scan`: every allowed row is compared, and no link followed. `grain`: queries that one thread answers in a row. `now`: on the calling thread,
   * and gives the answer, or the length of a short one (see `shortAnswer`); else a promise.
   */
  search(
    handle: GraphHandle,
    queries: Float32Array,
    count: number,
    k: number,
    ef: number,
    allow: Uint8Array | undefined,
    scan: boolean,
    grain: number,
    now: boolean,
    control: Control,
  ): Promise<RowNeighbours> | RowNeighbours | number
  /** The vectors of the rows `from … to - 1`. */
  vectors(handle: GraphHandle, from: number, to: number): Float32Array
  facts(handle: GraphHandle): GraphFacts
  /** Writes a file of hnswlib where nothing is. `live`: bit r is set where row r is wanted. `labels`: as of `ReadGraph`; absent: the row. */
  write(handle: GraphHandle, path: string, live: Uint8Array, labels: Uint8Array | undefined, normalized: boolean, control: Control): Promise<void>
  /** Reads and checks a file of hnswlib. `rows` 0: all of its nodes are rows. */
  read(path: string, settings: GraphSettings, rows: number, normalized: boolean, control: Control): Promise<ReadGraph>
}

/** The addon, loaded when it is first wanted. @throws CbirError NOT_USABLE */
export function hnswAddon(): HnswAddon {
  return loadAddon<HnswAddon>(PACKAGE_ROOT)
}
