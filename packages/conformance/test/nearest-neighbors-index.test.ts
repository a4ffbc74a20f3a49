// The suite on the reference: both must agree before either can judge others.

import {
  METRIC_NAMES,
  type MetricName,
  nearestNeighborsIndexSuite,
  openReferenceNearestNeighborsIndex,
  referenceNearestNeighborsIndex,
} from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { CbirError, type ComponentConfig } from '@cbir/core'

function fromConfig({ config }: ComponentConfig): ReturnType<typeof referenceNearestNeighborsIndex> {
  const { metric, ...unknown } = config
  if (Object.keys(unknown).length > 0) throw new CbirError('INVALID_CONFIG', `unknown options: ${Object.keys(unknown).join(', ')}`)
  return referenceNearestNeighborsIndex({ metric: metric as MetricName })
}

for (const metric of METRIC_NAMES) {
  nearestNeighborsIndexSuite({
    runner,
    name: `reference index, ${metric}`,
    create: () => referenceNearestNeighborsIndex({ metric }),
    capabilities: ['update', 'remove', 'range', 'persist', 'exact'],
    metric,
    reopen: (directory) => openReferenceNearestNeighborsIndex({ metric, directory }),
    fromConfig,
  })
}
