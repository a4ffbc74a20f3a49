// The part of the addon that searches codes: what native/hash-index/hash_index_addon.cc exports.

import type { RowNeighbours } from '@cbir/core/define'
import type { NativeAddon, NativeControl } from '@cbir/native-kit'

/** The codes of a hash index in native memory, and what searches them. Opaque. */
export type HashIndexHandle = object

/** What is searched with, and for tests other settings than those that are best. */
export interface HashIndexSettings {
  readonly kind: 'linear' | 'multi-index' | 'ball-tree'
  /** Of a multi-index; as many as fit best where not given. */
  readonly substrings?: number | undefined
  readonly leafSize?: number | undefined
  readonly seed?: number | undefined
  /** About how many bytes the codes of a block take; 8 MB where not given. */
  readonly blockBytes?: number | undefined
  /** With fewer codes there is no structure beside them; 1024 where not given. */
  readonly smallest?: number | undefined
  /** The share of a scan's time after which a search through the structure gives up and scans; 0.5 where not given. */
  readonly patience?: number | undefined
  /** One of `instructionSets`; the best of this processor where not given. */
  readonly instructionSet?: string | undefined
}

/** `now`: on the calling thread; an answer is then given at once, or the length of a short one (see `shortAnswer`). */
export interface HashIndexAddon extends NativeAddon {
  createHashIndex(settings: HashIndexSettings & { readonly bits: number }): HashIndexHandle
  /** Code *i* goes to `rows[i]`, which holds none. */
  putCodes(handle: HashIndexHandle, rows: Uint32Array, codes: Uint8Array, now: boolean, control?: NativeControl): Promise<void> | void
  freeCodes(handle: HashIndexHandle, rows: Uint32Array): void
  /** Whether so much has changed that `makeStructure` should be called. */
  wantsStructure(handle: HashIndexHandle): boolean
  /** Must not run beside anything else. */
  makeStructure(handle: HashIndexHandle, control?: NativeControl): Promise<void>
  searchCodes(
    handle: HashIndexHandle,
    queries: Uint8Array,
    k: number,
    now: boolean,
    control?: NativeControl,
  ): Promise<RowNeighbours> | RowNeighbours | number
  /** Tells the garbage collector how much memory is behind the handle. */
  accountCodes(handle: HashIndexHandle): void
}
