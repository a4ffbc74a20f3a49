// The suite of the kit, for each metric.

import { nearestNeighborsIndexSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { createRegistry, METRIC_NAMES } from '@cbir/core'
import { flatIndex } from '@cbir/flat-index'

const registry = createRegistry([flatIndex])

for (const metric of METRIC_NAMES) {
  nearestNeighborsIndexSuite({
    name: `flat-index, ${metric}`,
    runner,
    create: () => flatIndex({ metric }),
    capabilities: ['update', 'remove', 'range', 'persist', 'exact'],
    metric,
    reopen: (directory) => flatIndex({ metric, directory }),
    fromConfig: (config) => registry.fromConfig(config, 'nearest-neighbors-index'),
  })
}
