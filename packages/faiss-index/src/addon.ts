// The native addon: what its functions take and give. Which of two binaries: faiss compiled for AVX2 where this CPU has it and the package has
// that binary, else the one that runs everywhere.

import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { CbirError } from '@cbir/core'
import type { RowNeighbours } from '@cbir/core/define'
import { addonProblem, loadAddon, type NativeAddon, type NativeControl } from '@cbir/native-kit'

/** An index of faiss. Opaque. */
export type IndexHandle = object

export interface Settings {
  readonly seed: number
  readonly efConstruction: number
  readonly trainingRows: number
  readonly leastTrainingRows: number
}

export interface NativeTuning {
  readonly nprobe: number
  readonly efSearch: number
  /** Look at every row, whatever the others say. */
  readonly everything: boolean
}

export interface Description {
  /** The factory string, without IDMap. */
  readonly factory: string
  readonly dimensions: number
  readonly rows: number
  readonly innerProduct: boolean
  /** Whether the file had an IDMap. */
  readonly mapped: boolean
}

type Allow = Uint8Array | undefined
type Control = NativeControl | undefined

export interface FaissAddon extends NativeAddon {
  make(dimensions: number, factory: string, metric: string, settings: Settings): IndexHandle
  read(path: string, metric: string, settings: Settings, control: Control): Promise<IndexHandle>
  describe(index: IndexHandle): Description
  /** The ids of the file that the index was read from, by row. */
  ids(index: IndexHandle): BigInt64Array
  /** For the garbage collector, how large the index is now. `complete`: no build is filling it. */
  account(index: IndexHandle, complete: boolean): void
  /** `following`: rows that later calls are known to bring. */
  add(index: IndexHandle, vectors: Float32Array, count: number, following: number, control: Control): Promise<void>
  finish(index: IndexHandle, control: Control): Promise<void>
  overwrite(index: IndexHandle, rows: Uint32Array, count: number, vectors: Float32Array, control: Control): Promise<void>
  free(index: IndexHandle, rows: Uint32Array, count: number, control: Control): Promise<void>
  /** `now`: on the calling thread, and gives the answer, or the length of a short one (see `shortAnswer`); else a promise. */
  nearest(
    index: IndexHandle,
    queries: Float32Array,
    count: number,
    k: number,
    allow: Allow,
    tuning: NativeTuning,
    now: boolean,
    control: Control,
  ): Promise<RowNeighbours> | RowNeighbours | number
  within(
    index: IndexHandle,
    queries: Float32Array,
    count: number,
    radius: number,
    allow: Allow,
    tuning: NativeTuning,
    now: false,
    control: Control,
  ): Promise<RowNeighbours>
  write(index: IndexHandle, path: string, control: Control): Promise<void>
  /** `ids[row]`: the id of a row, −1 for one that is left out. */
  writeForeign(index: IndexHandle, path: string, ids: BigInt64Array, mapped: boolean, control: Control): Promise<void>
  /** After `read` of a file that `write` wrote: how many rows there ever were. @throws CbirError CORRUPT_DATA */
  restoreRows(index: IndexHandle, rows: number): void
}

const PLAIN = new URL('..', import.meta.url)
const AVX2 = new URL('../avx2/', import.meta.url)
const require = createRequire(import.meta.url)

let root: URL | undefined

function packageRoot(): URL {
  root ??= existsSync(new URL('prebuilds', AVX2)) && hasAvx2() ? AVX2 : PLAIN
  return root
}

/** Whether faiss may use AVX2 here: `CBIR_CPU` chooses, else the CPU. */
function hasAvx2(): boolean {
  const wish = process.env['CBIR_CPU']
  if (wish !== undefined && wish !== '') return wish === 'avx2' || wish === 'avx512'
  if (process.arch !== 'x64' || process.platform !== 'linux') return false
  try {
    const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' ') ?? []
    return ['avx2', 'fma', 'f16c', 'popcnt'].every((flag) => flags.includes(flag))
  } catch {
    return false
  }
}

/** @throws CbirError NOT_USABLE, INVALID_CONFIG (`CBIR_CPU`) */
export function faissAddon(): FaissAddon {
  return loadAddon<FaissAddon>(packageRoot())
}

/** Why the addon cannot be used here, or undefined. */
export function faissProblem(): string | undefined {
  return addonProblem(packageRoot())
}

/** The file of the loaded binary, for a child process that is to load the very same. */
export function addonFile(): string {
  const addon = faissAddon()
  const file = Object.values(require.cache).find((loaded) => loaded?.exports === addon)?.filename
  if (file === undefined) throw new CbirError('NOT_USABLE', 'The file of the faiss addon cannot be found, so no other process can load it.')
  return file
}
