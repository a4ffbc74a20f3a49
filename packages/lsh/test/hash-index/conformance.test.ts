// The suite of the kit, for each hash index and implementation.

import { hashIndexSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { createRegistry } from '@cbir/core'
import { ballTreeHashIndex, linearHashIndex, multiIndexHashing } from '@cbir/lsh'

const registry = createRegistry([linearHashIndex, multiIndexHashing, ballTreeHashIndex])

const subjects = [
  { plugin: linearHashIndex, implementation: 'native' },
  { plugin: multiIndexHashing, implementation: 'native' },
  { plugin: ballTreeHashIndex, implementation: 'native' },
  // In TypeScript they are one and the same scan.
  { plugin: multiIndexHashing, implementation: 'typescript' },
] as const

for (const { plugin, implementation } of subjects) {
  hashIndexSuite({
    name: `${plugin.name}, ${implementation}`,
    runner,
    create: () => plugin({ implementation }),
    capabilities: ['update', 'remove', 'persist', 'exact'],
    reopen: (directory) => plugin({ implementation, directory }),
    fromConfig: (given) => registry.fromConfig(given, 'hash-index'),
  })
}
