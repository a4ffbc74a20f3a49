// KeyValueStore: a map from strings to JSON values or bytes, read and written in batches.

import type { CallOptions } from '../component/call-options.ts'
import type { Component } from '../component/component.ts'
import type { Json } from '../component/directory-container.ts'
import type { Source } from '../vectors/source.ts'

/** What a store can hold. */
export type StoredValue = Json | Uint8Array

/** One batch of entries: an array of pairs, or a Map. */
export type Entries<V> = Iterable<readonly [key: string, value: V]>

/**
 * Values by key. A key is a string that is not empty. Values are copied in and out: JSON as JSON gives it back (a property that is undefined is
 * gone), bytes as bytes. A call that fails changes nothing.
 *
 * Errors that every store gives alike: INVALID_ARGUMENT (also for a value that JSON cannot hold), UNKNOWN_UID (`details.uids` names the keys that
 * are not there), DUPLICATE_UID (a key twice in one batch), READ_ONLY, IO_FAILED, SOURCE_FAILED, ABORTED, DISPOSED.
 */
export interface KeyValueStore<V extends StoredValue = StoredValue> extends Component {
  readonly kind: 'key-value-store'
  readonly readOnly: boolean
  count(options?: CallOptions): Promise<number>
  /** `1` where the key is there, else `0`; one byte a key. */
  hasMany(keys: readonly string[], options?: CallOptions): Promise<Uint8Array>
  /**
   * The values in the order of `keys`; a key may occur more than once. `default` stands in for keys that are not there; without it they are an
   * error.
   * @throws CbirError UNKNOWN_UID
   */
  getMany(keys: readonly string[], options?: CallOptions & { readonly default?: V | undefined }): Promise<V[]>
  /**
   * Adds; a key that exists gets the new value and keeps its place in the order. Atomic per batch of the source. Gives how many entries were
   * written. An error carries `details.batchesApplied`. A batch is copied at once, so keep it to some thousand entries.
   */
  addMany(source: Source<Entries<V>>, options?: CallOptions): Promise<number>
  /** @throws CbirError UNKNOWN_UID (nothing is removed), DUPLICATE_UID */
  removeMany(keys: readonly string[], options?: CallOptions): Promise<void>
  clear(options?: CallOptions): Promise<void>
  /**
   * All keys in the order of insertion, in batches. The store may be changed meanwhile: keys added or removed after the start may be in it or
   * not; all others are in it once.
   */
  keys(options?: CallOptions & { readonly batchSize?: number | undefined }): AsyncIterable<readonly string[]>
  /** As `keys`, with the values. */
  entries(options?: CallOptions & { readonly batchSize?: number | undefined }): AsyncIterable<readonly (readonly [key: string, value: V])[]>
  dispose(): Promise<void>
}
