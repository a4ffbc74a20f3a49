// What a case of the KeyValueStore suite works with: fresh stores and entries of every kind of value.
// Groups compare by key; only the group `order` looks at the order of insertion.

import type { ComponentConfig, KeyValueStore, StoredValue } from '@cbir/core'
import { same, sameData } from '../framework/check.ts'
import type { Made } from '../framework/component-groups.ts'
import { FilledCase } from '../framework/filled-case.ts'
import type { Group, SuiteOptions } from '../framework/suite.ts'

export type Entry = readonly [key: string, value: StoredValue]

/** Options of `keyValueStoreSuite`. */
export interface KeyValueStoreSuiteOptions extends SuiteOptions {
  /** A new store without entries that can be written. */
  readonly create: () => Made<KeyValueStore>
  /** Opens a store over a directory: what is stored there, or an empty store that keeps itself there. For stores that outlive the process. */
  readonly reopen?: ((directory: string) => Made<KeyValueStore>) | undefined
  /** A read-only store that holds `entries`. For adapters that have one. */
  readonly createReadOnly?: ((entries: readonly Entry[]) => Made<KeyValueStore>) | undefined
  /** Makes a store from data, e.g. `(config) => registry.fromConfig(config)`; every group then runs again on what it makes of `toConfig()`. */
  readonly fromConfig?: ((config: ComponentConfig) => Made<KeyValueStore>) | undefined
}

export type KeyValueStoreGroup = Group<KeyValueStoreCase, KeyValueStoreSuiteOptions>

export class KeyValueStoreCase extends FilledCase<KeyValueStore, KeyValueStoreSuiteOptions> {
  /** A store that holds `entries`. */
  holding(entries: readonly Entry[]): Promise<KeyValueStore> {
    return this.after((store) => store.addMany([entries]))
  }

  /** `count` entries with every kind of value, under keys that begin with `prefix`. */
  entries(count = 12, prefix = 'key'): Entry[] {
    return Array.from({ length: count }, (_, i) => [`${prefix} ${i}/é✓`, this.value(i)])
  }

  value(i: number): StoredValue {
    const n = this.random.integer(1000)
    const kinds: StoredValue[] = [n / 8, `text ${n}`, Uint8Array.of(n & 255, 0, 7), { n, list: [true, null, 'é'] }, [n, [n]], n % 2 === 0]
    return kinds[i % kinds.length]!
  }

  /** The store must hold these entries and no others. Each is asked for alone: how several come together is a matter of the group `get`. */
  async holds(store: KeyValueStore, entries: readonly Entry[], what: string): Promise<void> {
    same(await store.count(), entries.length, `count of ${what}`)
    for (const [key, value] of entries) sameData(await store.getMany([key]), [value], `value of ${JSON.stringify(key)} in ${what}`)
  }
}

export const keysOf = (entries: readonly Entry[]): string[] => entries.map(([key]) => key)

/** The entries in batches of `size`. */
export function batchesOf(entries: readonly Entry[], size: number): Entry[][] {
  return Array.from({ length: Math.ceil(entries.length / size) }, (_, i) => entries.slice(i * size, (i + 1) * size))
}
