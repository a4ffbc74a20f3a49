// The stranger's proof: the published suites, run by Node's own test runner.

import { describe, test } from 'node:test'
import { nearestNeighborsIndexSuite } from '@cbir/conformance'
import { discoverRegistry } from '@cbir/core/node'

const runner = { group: describe, test }
const registry = await discoverRegistry()

const fromConfig = (config) => registry.fromConfig(config)
const make = (type, config = {}) => fromConfig({ type, config })

nearestNeighborsIndexSuite({
  runner,
  create: () => make('block-index'),
  capabilities: ['update', 'remove', 'range', 'persist', 'exact'],
  metric: 'manhattan',
  reopen: (directory) => make('block-index', { directory }),
  fromConfig,
})
