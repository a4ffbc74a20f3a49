// The suite on every plugin of core.

import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PluginSuiteOptions, pluginSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { chainPlugin, descriptorGeneratorPlugin, vectorExtractorPlugin } from '@cbir/core'
import {
  memoryClassificationElementPlugin,
  memoryDataElementPlugin,
  memoryDataSet,
  memoryDescriptorElementPlugin,
  memoryDescriptorSet,
  memoryHashIndex,
  memoryKeyValueStore,
} from '@cbir/core/memory'
import { fileDataElementPlugin, fileDescriptorSet, fileTreePlugin, urlDataElementPlugin } from '@cbir/core/node'
import { afterAll, expect, test } from 'vitest'
import { extractorPlugin, windowsPlugin, written } from './support/reference-plugins.ts'

const directory = await mkdtemp(join(tmpdir(), 'cbir-plugin-'))
afterAll(() => rm(directory, { recursive: true }))

const element = { type: 'extractor', uid: 'uid é✓' }
const noElement = { 'an empty uid': { type: 'extractor', uid: '' }, 'no type': { uid: 'a' } }
const plugins = [extractorPlugin, windowsPlugin, vectorExtractorPlugin]
const chained = [written.extractor(3), written.vectors(3)]

const suites: readonly Omit<PluginSuiteOptions, 'runner'>[] = [
  { plugin: memoryDescriptorSet, configs: [{}] },
  { plugin: memoryDataSet, configs: [{}] },
  { plugin: memoryKeyValueStore, configs: [{}] },
  { plugin: memoryHashIndex, configs: [{}] },
  { plugin: memoryClassificationElementPlugin, configs: [element], invalid: noElement },
  { plugin: memoryDescriptorElementPlugin, configs: [element], invalid: noElement },
  {
    plugin: memoryDataElementPlugin,
    configs: [{}, { base64: 'AAEC', contentType: 'model/x', label: 'three bytes', readOnly: true }],
    invalid: { 'an empty label': { label: '' }, 'bytes that are no text': { base64: 5 } },
  },
  {
    plugin: fileDataElementPlugin,
    configs: [{ path: 'a.jpg' }, { path: join(directory, 'b'), contentType: 'model/x', readOnly: true }],
    invalid: { 'no path': {}, 'an empty path': { path: '' } },
  },
  {
    plugin: urlDataElementPlugin,
    configs: [{ url: 'http://127.0.0.1/a' }, { url: 'https://localhost/b?c#d', maxBytes: 5, timeoutMs: 100 }],
    invalid: { 'no URL': {}, 'no time': { url: 'http://127.0.0.1/a', timeoutMs: 0 } },
  },
  {
    plugin: fileTreePlugin,
    configs: [{ root: '.' }, { root: directory, include: ['.jpg', 'png'], followSymlinks: false, onError: 'skip' }],
    invalid: { 'no root': {}, 'an empty ending': { root: '.', include: [''] }, 'an unknown onError': { root: '.', onError: 'ignore' } },
  },
  {
    plugin: fileDescriptorSet,
    configs: [{ directory: join(directory, 'synced') }, { directory: join(directory, 'set'), readOnly: false, sync: 'none' }],
    invalid: { 'no directory': {}, 'an unknown sync': { directory, sync: 'sometimes' } },
  },
  {
    plugin: vectorExtractorPlugin,
    configs: [{ dimensions: 3 }],
    invalid: { 'no dimensions': {}, 'dimensions of 0': { dimensions: 0 } },
  },
  {
    plugin: chainPlugin,
    configs: [
      { extractors: chained },
      {
        extractors: [
          { type: 'chain', config: { extractors: chained } },
          { type: 'vector-extractor', config: { dimensions: 3 } },
        ],
      },
    ],
    plugins,
    invalid: { 'no extractors': {}, 'an extractor of 0 numbers': { extractors: [written.extractor(3), written.vectors(0)] } },
  },
  {
    plugin: descriptorGeneratorPlugin,
    configs: [{ loader: written.loader(8), extractor: written.extractor(3) }],
    plugins,
    invalid: {
      'no extractor': { loader: written.loader(8) },
      'an extractor of 0 numbers': { loader: written.loader(8), extractor: written.extractor(0) },
    },
  },
]

for (const suite of suites) pluginSuite({ runner, ...suite, plugins: suite.plugins?.filter((plugin) => plugin !== suite.plugin) })

test('these are all the plugins that core’s manifest lists', () => {
  const manifest = createRequire(import.meta.url)('@cbir/core/package.json') as { cbir: { plugins: { kind: string; name: string }[] } }
  const named = ({ kind, name }: { kind: string; name: string }): string => `${kind} ${name}`
  expect(suites.map(({ plugin }) => named(plugin)).sort()).toEqual(manifest.cbir.plugins.map(named).sort())
})
