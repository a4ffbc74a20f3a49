// The single-item forms of a key-value store: a batch of one, for any store.

import type { CallOptions } from '../component/call-options.ts'
import type { KeyValueStore, StoredValue } from './key-value-store.ts'

/** The value of `key`, or `fallback` where one is given and the key is not there. @throws CbirError UNKNOWN_UID */
export async function getValue<V extends StoredValue>(store: KeyValueStore<V>, key: string, fallback?: V, options?: CallOptions): Promise<V> {
  return (await store.getMany([key], { ...options, default: fallback }))[0] as V
}

/** Adds or overwrites one value. */
export async function addValue<V extends StoredValue>(store: KeyValueStore<V>, key: string, value: V, options?: CallOptions): Promise<void> {
  await store.addMany([[[key, value]]], options)
}

export async function hasKey<V extends StoredValue>(store: KeyValueStore<V>, key: string, options?: CallOptions): Promise<boolean> {
  return (await store.hasMany([key], options))[0] === 1
}

/** @throws CbirError UNKNOWN_UID */
export function removeKey<V extends StoredValue>(store: KeyValueStore<V>, key: string, options?: CallOptions): Promise<void> {
  return store.removeMany([key], options)
}

/** The values alone, one by one, in the order of insertion. */
export async function* valuesOf<V extends StoredValue>(store: KeyValueStore<V>, options?: CallOptions): AsyncGenerator<V, void, undefined> {
  for await (const batch of store.entries(options)) for (const [, value] of batch) yield value
}
