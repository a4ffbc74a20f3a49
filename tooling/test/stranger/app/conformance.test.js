// The stranger's proof: the published suites, run by Node's own test runner, on components made from configuration.

import { deepEqual } from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as conformance from '@cbir/conformance'
import { createClassifierCollection, withElements } from '@cbir/core'
import { discoverRegistry } from '@cbir/core/node'

const runner = { group: describe, test }
const registry = await discoverRegistry()

const fromConfig = (config) => registry.fromConfig(config)
const make = (type, config = {}) => fromConfig({ type, package: '@stranger/plugins', config })

const base64Of = (bytes) => Buffer.from(bytes).toString('base64')
const texts = (count) => Array.from({ length: count }, (_, i) => `${'tea'.repeat(i + 1)} is not ${'rain'.repeat(2 * i)}`)

/** The options of each suite. */
const proven = {
  dataElementSuite: { create: (bytes) => make('note', { base64: base64Of(bytes) }), writable: false, fromConfig },
  dataSetSuite: {
    async create(contents) {
      const set = await make('shelf')
      const elements = await Promise.all(contents.map((bytes) => make('note', { base64: base64Of(bytes) })))
      if (elements.length > 0) await set.addMany([elements])
      return set
    },
  },
  descriptorElementSuite: { create: (type, uid) => make('diary-descriptor', { type, uid }), fromConfig },
  descriptorGeneratorSuite: {
    create: () => make('letter-generator'),
    inputs: texts,
    manyParts: () => 'One sentence. Another one',
    emptyInputs: ['', ' . '],
    badInputs: { 'a number': 7 },
    reuses: false,
    fromConfig,
  },
  descriptorSetSuite: { create: () => make('object-set'), fromConfig },
  elementIndexSuite: { create: async () => withElements(await make('block-index'), await make('object-set')) },
  featureExtractorSuite: {
    create: () => make('letter-counts'),
    inputs: texts,
    badInputs: { 'a number': 7 },
    different: () => make('letter-counts', { alphabet: 'abc' }),
    fromConfig,
  },
  hashIndexSuite: { create: () => make('code-list'), capabilities: ['update', 'remove', 'exact'], bits: 20, fromConfig },
  keyValueStoreSuite: { create: () => make('list-store'), fromConfig },
  pluginSuite: { plugin: registry.get('nearest-neighbors-index', 'block-index'), configs: [{}], invalid: { 'another option': { metric: 'cosine' } } },
  vectorLoaderSuite: {
    create: () => make('letters'),
    inputs: texts,
    manyParts: () => 'One sentence. Another one',
    badInputs: { 'a number': 7 },
    different: () => make('letters', { fold: false }),
    fromConfig,
  },
  rankRelevancySuite: { create: () => make('closest-in-pool'), capabilities: ['feedback'], fromConfig },
  recordingMatcherSuite: {
    create: () => make('loudness-matcher'),
    capabilities: ['remove', 'persist'],
    reopen: (directory) => make('loudness-matcher', { directory }),
    fromConfig,
  },
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
