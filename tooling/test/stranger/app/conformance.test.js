// The stranger's proof: the published suites, run by Node's own test runner, on components made from configuration.

import { deepEqual } from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as conformance from '@cbir/conformance'
import { createClassifierCollection } from '@cbir/core'
import { discoverRegistry } from '@cbir/core/node'

const runner = { group: describe, test }
const registry = await discoverRegistry()

const fromConfig = (config) => registry.fromConfig(config)
const make = (type, config = {}) => fromConfig({ type, package: '@stranger/plugins', config })

/** The options of each suite. */
const proven = {
  rankRelevancySuite: { create: () => make('closest-in-pool'), capabilities: ['feedback'], fromConfig },
  relevancyIndexSuite: { create: () => make('closest-example'), fromConfig },
  classificationElementSuite: { create: (type, uid) => make('pair-classification', { type, uid }), fromConfig },
  classifierCollectionSuite: { create: createClassifierCollection },
  classifierSuite: {
    create: () => make('class-means'),
    capabilities: ['train', 'persist'],
    reopen: (directory) => make('class-means', { directory }),
    fromConfig,
  },
  lshFunctorSuite: {
    create: () => make('sign-codes', { bits: 24 }),
    capabilities: ['fit', 'persist'],
    reopen: (directory) => make('sign-codes', { bits: 24, directory }),
    fromConfig,
  },
  nearestNeighborsIndexSuite: {
    create: () => make('block-index'),
    capabilities: ['update', 'remove', 'range', 'persist', 'exact'],
    metric: 'manhattan',
    reopen: (directory) => make('block-index', { directory }),
    fromConfig,
  },
}

const suites = new Map(Object.entries(conformance).filter(([name]) => name.endsWith('Suite')))

test('every suite of the kit is run', () => {
  deepEqual(Object.keys(proven).sort(), [...suites.keys()].sort())
})

for (const [name, options] of Object.entries(proven)) suites.get(name)({ runner, ...options })
