// The suite of the kit, for each metric: scanned by native kernels, by way of codes, and in TypeScript.

import { nearestNeighborsIndexSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { createRegistry, METRIC_NAMES } from '@cbir/core'
import { type FlatIndexConfig, flatIndex } from '@cbir/flat-index'

const registry = createRegistry([flatIndex])

const configurations: Pick<FlatIndexConfig, 'metric' | 'storage' | 'implementation'>[] = [
  ...METRIC_NAMES.flatMap((metric) => [
    { metric, storage: 'float32', implementation: 'native' } as const,
    { metric, storage: 'float32', implementation: 'typescript' } as const,
  ]),
  // Codes of each family of metrics.
  { metric: 'cosine', storage: 'int8', implementation: 'native' },
  { metric: 'inner-product', storage: 'int8', implementation: 'native' },
  { metric: 'histogram-intersection', storage: 'int8', implementation: 'native' },
  { metric: 'euclidean', storage: 'float16', implementation: 'native' },
]

for (const config of configurations) {
  nearestNeighborsIndexSuite({
    name: `flat-index, ${Object.values(config).join(', ')}`,
    runner,
    create: () => flatIndex(config),
    capabilities: ['update', 'remove', 'range', 'persist', 'exact'],
    metric: config.metric,
    reopen: (directory) => flatIndex({ ...config, directory }),
    fromConfig: (given) => registry.fromConfig(given, 'nearest-neighbors-index'),
  })
}
