// The suite on the reference, on core's index in memory, and on core's defineHashIndex with files.

import { hashIndexSuite, openReferenceHashIndex, referenceHashIndex } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { CbirError, createRegistry, type HashIndex } from '@cbir/core'
import { defineHashIndex, openHashIndex } from '@cbir/core/define'
import { memoryHashIndex } from '@cbir/core/memory'
import { directoryContainer as container } from '@cbir/core/node'
import { loopHashDriver } from './support/loop-hash-driver.ts'

for (const bits of [70, 128]) {
  hashIndexSuite({
    runner,
    name: `reference hash index, ${bits} bits`,
    bits,
    create: () => referenceHashIndex(),
    capabilities: ['update', 'remove', 'persist', 'exact'],
    reopen: openReferenceHashIndex,
    fromConfig({ config }) {
      if (Object.keys(config).length > 0) throw new CbirError('INVALID_CONFIG', 'the reference hash index has no options')
      return referenceHashIndex()
    },
  })
}

const registry = createRegistry([memoryHashIndex])

for (const bits of [16, 70, 128]) {
  hashIndexSuite({
    runner,
    name: `memory-hash-index, ${bits} bits`,
    bits,
    create: () => memoryHashIndex({}),
    capabilities: ['update', 'remove', 'exact'],
    fromConfig: async (config) => (await registry.fromConfig(config)) as HashIndex,
  })
}

hashIndexSuite({
  runner,
  name: 'an index of defineHashIndex with files',
  create: () => defineHashIndex('loop-hash-index', loopHashDriver, { container }),
  capabilities: ['update', 'remove', 'persist', 'exact'],
  reopen: (directory) => openHashIndex('loop-hash-index', loopHashDriver, { container, directory }),
})
