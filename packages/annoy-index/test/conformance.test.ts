// The suite of the kit. All configurations have the same abilities: one metric that is Annoy's own, and one that is converted. The others are held
// against the exact oracle in search.test.ts; hamming cannot be here, because the suite's vectors are not of 0 and 1.

import { annoyIndex } from '@cbir/annoy-index'
import { nearestNeighborsIndexSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { createRegistry } from '@cbir/core'

const registry = createRegistry([annoyIndex])

for (const metric of ['euclidean', 'angular'] as const) {
  nearestNeighborsIndexSuite({
    name: `annoy-index, ${metric}`,
    runner,
    create: () => annoyIndex({ metric, trees: 10 }),
    capabilities: ['remove', 'persist'],
    metric,
    reopen: (directory) => annoyIndex({ metric, trees: 10, directory }),
    fromConfig: (config) => registry.fromConfig(config, 'nearest-neighbors-index'),
    tuning: { searchK: 500 },
  })
}
