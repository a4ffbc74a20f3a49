// memoryKeyValueStore: a key-value store in memory.

import { inSlices } from '../concurrency/in-slices.ts'
import { definePlugin, type PluginFactory } from '../config/define-plugin.ts'
import { noConfig } from '../config/object-schema.ts'
import { copyValue } from './copy-value.ts'
import { defineKeyValueStore } from './define-key-value-store.ts'
import type { KeyValueStore, StoredValue } from './key-value-store.ts'

/** An empty store that lives as long as the object does. Takes no configuration. */
export const memoryKeyValueStore: PluginFactory<Record<string, never>, Record<string, never>, KeyValueStore> = definePlugin({
  kind: 'key-value-store',
  interfaces: ['KeyValueStore'],
  name: 'memory-key-value-store',
  package: '@cbir/core',
  configSchema: noConfig,
  create(config) {
    const held = new Map<string, StoredValue>()
    const copyOf = (key: string): StoredValue | undefined => {
      const value = held.get(key)
      return value === undefined ? undefined : copyValue(value, key)
    }
    return defineKeyValueStore<StoredValue, Iterator<string>>(
      { name: 'memory-key-value-store', package: '@cbir/core', config },
      {
        count: () => held.size,
        async has(keys, { signal }) {
          const has = new Uint8Array(keys.length)
          await each(keys, (key, i) => (has[i] = Number(held.has(key))), signal)
          return has
        },
        async get(keys, { signal }) {
          const values: (StoredValue | undefined)[] = []
          await each(keys, (key) => values.push(copyOf(key)), signal)
          return values
        },
        // The cursor is the Map's own iterator, which stays right while the Map changes.
        keys(cursor = held.keys(), limit) {
          const keys: string[] = []
          while (keys.length < limit) {
            const { value, done } = cursor.next()
            if (done) return { keys, next: undefined }
            keys.push(value)
          }
          return { keys, next: cursor }
        },
        // Nothing in these two can fail, and no signal is looked at: a batch is written as a whole.
        write: (entries) => each(entries, ([key, value]) => held.set(key, value)),
        remove: (keys) => each(keys, (key) => held.delete(key)),
        clear: () => held.clear(),
        close: () => held.clear(),
      },
    )
  },
})

function each<T>(list: readonly T[], work: (item: T, i: number) => void, signal?: AbortSignal): Promise<void> {
  const some = (from: number, to: number): void => {
    for (let i = from; i < to; i++) work(list[i]!, i)
  }
  return inSlices(list.length, 64, some, signal)
}
