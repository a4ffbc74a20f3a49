// What a case of the KeyValueStore suite works with: fresh stores and entries of every kind of value.
// Groups compare by key; only the group `order` looks at the order of insertion.

import type { ComponentConfig, KeyValueStore, StoredValue } from '@cbir/core'
import { fail, same, sameData } from '../framework/check.ts'
import type { ComponentCase, Made } from '../framework/component-groups.ts'
import type { Random } from '../framework/random.ts'
import type { Group, Scope, SuiteOptions } from '../framework/suite.ts'
import { temporaryDirectory } from '../framework/temporary-directory.ts'

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

/** How a rerun gets its stores: `fill` is what the store of the case should have gone through. */
export type StoreOrigin = (scope: Scope, fill: (store: KeyValueStore) => Promise<unknown>) => Promise<KeyValueStore>

export class KeyValueStoreCase implements ComponentCase {
  readonly options: KeyValueStoreSuiteOptions
  readonly random: Random
  readonly patience: number
  readonly defer: (cleanUp: () => unknown) => void
  readonly scope: Scope
  readonly from: StoreOrigin

  constructor(options: KeyValueStoreSuiteOptions, scope: Scope, from: StoreOrigin) {
    this.options = options
    this.random = scope.random
    this.patience = scope.patience
    this.defer = scope.defer
    this.scope = scope
    this.from = from
  }

  /** A new store without entries. It is disposed when the case ends. */
  make(): Promise<KeyValueStore> {
    return this.holding([])
  }

  /** A store that holds `entries`. */
  async holding(entries: readonly Entry[]): Promise<KeyValueStore> {
    return this.keep(await this.from(this.scope, async (store) => entries.length > 0 && store.addMany([entries])))
  }

  async reopen(directory: string): Promise<KeyValueStore> {
    const { reopen } = this.options
    return reopen ? this.keep(await reopen(directory)) : fail('the suite has the option reopen')
  }

  keep(store: KeyValueStore): KeyValueStore {
    this.defer(() => store.dispose())
    return store
  }

  directory(): Promise<string> {
    return temporaryDirectory(this.scope)
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
