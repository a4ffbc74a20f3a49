// The suite of the kit. Every configuration has the same abilities: by vectors, by codes, and with norms. The other metrics stand in search.test.ts.

import { nearestNeighborsIndexSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { createRegistry } from '@cbir/core'
import { type HnswIndexConfig, hnswIndex } from '@cbir/hnsw-index'

const registry = createRegistry([hnswIndex])

/** A small graph, as the suite builds many. */
const small = { M: 8, efConstruction: 40 }

const configs: Partial<HnswIndexConfig>[] = [
  { ...small, metric: 'euclidean' },
  { ...small, metric: 'cosine', reproducible: true },
  { ...small, metric: 'manhattan', codes: 'int8' },
]

for (const config of configs) {
  nearestNeighborsIndexSuite({
    name: `hnsw-index, ${JSON.stringify(config)}`,
    runner,
    create: () => hnswIndex(config),
    capabilities: ['update', 'remove', 'persist'],
    metric: config.metric ?? 'euclidean',
    reopen: (directory) => hnswIndex({ ...config, directory }),
    fromConfig: (toConfig) => registry.fromConfig(toConfig, 'nearest-neighbors-index'),
  })
}
