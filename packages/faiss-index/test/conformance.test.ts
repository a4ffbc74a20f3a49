// The suite of the kit, for one configuration of each set of abilities and each way of searching.

import { type NearestNeighborsIndexSuiteOptions, nearestNeighborsIndexSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { createRegistry } from '@cbir/core'
import { type FaissIndexConfig, faissIndex } from '@cbir/faiss-index'

const registry = createRegistry([faissIndex])
const ALL = ['update', 'remove', 'range', 'persist'] as const
const GRAPH = ['update', 'persist'] as const

function suite(config: Partial<FaissIndexConfig>, options: Partial<NearestNeighborsIndexSuiteOptions> = {}): void {
  const { metric = 'euclidean', factory = 'HNSW32' } = config
  nearestNeighborsIndexSuite({
    name: `faiss-index, ${factory}, ${metric}`,
    runner,
    create: () => faissIndex(config),
    capabilities: ALL,
    metric,
    reopen: (directory) => faissIndex({ ...config, directory }),
    fromConfig: (made) => registry.fromConfig(made, 'nearest-neighbors-index'),
    ...options,
  })
}

const KEPT = { fromConfig: undefined } as const

suite({ factory: 'Flat' }, { capabilities: [...ALL, 'exact'] })
suite({ factory: 'IDMap,IVF4,Flat', metric: 'inner-product', nprobe: 4 }, { tuning: { nprobe: 2 }, ...KEPT })
suite({ factory: 'HNSW16', metric: 'cosine' }, { capabilities: GRAPH, tuning: { efSearch: 100 }, ...KEPT })
// float16 loses some thousandths. What loses more cannot be held to a relative error at small distances: search.test.ts measures its recall.
suite({ factory: 'RR,SQfp16' }, { tolerance: 0.02, ...KEPT })
