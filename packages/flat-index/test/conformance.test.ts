// The suite of the kit: scanned by native kernels in each metric, by way of codes, and in TypeScript.

import { nearestNeighborsIndexSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { createRegistry, METRIC_NAMES } from '@cbir/core'
import { type FlatIndexConfig, flatIndex } from '@cbir/flat-index'

const registry = createRegistry([flatIndex])

const configurations: Pick<FlatIndexConfig, 'metric' | 'storage' | 'implementation'>[] = [
  ...METRIC_NAMES.map((metric) => ({ metric, storage: 'float32', implementation: 'native' }) as const),
  // Other tests hold the scan in TypeScript to the very bits of the native one, for every metric.
  { metric: 'euclidean', storage: 'float32', implementation: 'typescript' },
  { metric: 'cosine', storage: 'float32', implementation: 'typescript' },
  { metric: 'hamming', storage: 'float32', implementation: 'typescript' },
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
