// The addon of this package: what native/addon.cc exports.

import type { Metric } from '@cbir/core'
import type { RowNeighbours } from '@cbir/core/define'
import { loadAddon, type NativeAddon, type NativeControl } from '@cbir/native-kit'
import type { Storage } from './storage.ts'

/** The rows of an index, in native memory. Opaque. */
export type NativeHandle = object

export interface NativeSettings {
  readonly metric: Metric
  readonly storage: Storage
  readonly dimensions: number
  /** About how many bytes the vectors of a block take; 2 MB where not given. */
  readonly blockBytes?: number | undefined
  /** One of `instructionSets`; the best of this processor where not given. */
  readonly instructionSet?: string | undefined
}

/** Answers of `now` are short answers (see the kit); else a promise. */
type Answer = RowNeighbours | number | Promise<RowNeighbours>

export interface FlatAddon extends NativeAddon {
  create(settings: NativeSettings): NativeHandle
  /** `following`: rows that later calls are known to bring. */
  append(handle: NativeHandle, vectors: Float32Array, count: number, following: number, now: boolean, control?: NativeControl): Promise<void> | void
  /** For the garbage collector, how much memory is behind the handle now. `complete`: no build is filling it. */
  account(handle: NativeHandle, complete: boolean): void
  overwrite(handle: NativeHandle, rows: Uint32Array, vectors: Float32Array, now: boolean): Promise<void> | void
  search(
    handle: NativeHandle,
    queries: Float32Array,
    count: number,
    k: number,
    allow: Uint8Array | undefined,
    now: boolean,
    control?: NativeControl,
  ): Answer
  within(
    handle: NativeHandle,
    queries: Float32Array,
    count: number,
    radius: number,
    allow: Uint8Array | undefined,
    now: boolean,
    control?: NativeControl,
  ): Answer
  rows(handle: NativeHandle, first: number, count: number): Float32Array
  count(handle: NativeHandle): number
}

/** @throws CbirError NOT_USABLE where there is no binary for this platform, INVALID_CONFIG for a wrong `CBIR_CPU` */
export function flatAddon(): FlatAddon {
  return loadAddon<FlatAddon>(new URL('..', import.meta.url))
}
