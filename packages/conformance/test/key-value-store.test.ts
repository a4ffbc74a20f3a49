// The suite on the reference and on core's store in memory.

import { keyValueStoreSuite, openReferenceKeyValueStore, referenceKeyValueStore } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { CbirError, createRegistry, type KeyValueStore } from '@cbir/core'
import { defineKeyValueStore } from '@cbir/core/define'
import { memoryKeyValueStore } from '@cbir/core/memory'

keyValueStoreSuite({
  runner,
  name: 'reference store',
  create: () => referenceKeyValueStore(),
  reopen: openReferenceKeyValueStore,
  createReadOnly: (entries) => referenceKeyValueStore({ readOnly: true }, entries),
  fromConfig({ config }) {
    if (Object.keys(config).length > 0) throw new CbirError('INVALID_CONFIG', 'the reference store has no options')
    return referenceKeyValueStore()
  },
})

const registry = createRegistry([memoryKeyValueStore])

keyValueStoreSuite({
  runner,
  name: 'memory-key-value-store',
  create: () => memoryKeyValueStore({}),
  createReadOnly: (entries) => {
    const held = new Map(entries)
    return defineKeyValueStore('read-only-store', {
      readOnly: true,
      count: () => held.size,
      has: (keys) => Uint8Array.from(keys, (key) => Number(held.has(key))),
      get: (keys) => keys.map((key) => held.get(key)),
      keys: () => ({ keys: [...held.keys()], next: undefined }),
    })
  },
  fromConfig: async (config) => (await registry.fromConfig(config)) as KeyValueStore,
})
