// The suite of the kit, for each functor, native and in TypeScript.

import { lshFunctorSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { createRegistry } from '@cbir/core'
import { itq, pStable, randomProjection } from '@cbir/lsh'

const registry = createRegistry([itq, randomProjection, pStable])

const functors = [
  { plugin: itq, config: { bits: 12, seed: 3, normalize: 'l2', sample: 1000 }, bitsWithinDimensions: true },
  { plugin: randomProjection, config: { bits: 40 } },
  { plugin: pStable, config: { bits: 40 } },
] as const

for (const implementation of ['native', 'typescript'] as const) {
  for (const { plugin, config, ...options } of functors) {
    // Each plugin has a type of configuration of its own; together they are called by what they have alike.
    const make = plugin as (config: object) => ReturnType<typeof plugin>
    const given = { ...config, implementation }
    lshFunctorSuite({
      name: `${plugin.name}, ${Object.values(given).join(', ')}`,
      runner,
      create: () => make(given),
      capabilities: ['fit', 'persist'],
      ...options,
      reopen: (directory) => make({ ...given, directory }),
      fromConfig: (written) => registry.fromConfig(written, 'lsh-functor'),
    })
  }
}
