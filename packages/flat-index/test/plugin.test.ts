// The plugin: configuration there and back, the manifest, and what a wrong configuration says.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRegistry, METRIC_NAMES } from '@cbir/core'
import * as entry from '@cbir/flat-index'
import { flatIndex } from '@cbir/flat-index'
import { expect, test } from 'vitest'

const registry = createRegistry([flatIndex])

test('a component says the configuration that it was made from, with defaults', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'flat-index-'))
  const written = [
    {},
    { storage: 'int8', implementation: 'typescript' },
    ...METRIC_NAMES.map((metric) => ({ metric })),
    { directory },
    { metric: 'cosine', directory: join(directory, 'new') },
  ]
  for (const config of written) {
    const normal = await registry.parse({ type: 'flat-index', config })
    const index = await registry.fromConfig({ type: 'flat-index', config }, 'nearest-neighbors-index')
    expect(index.toConfig()).toEqual(normal)
    expect(await registry.parse(index.toConfig())).toEqual(normal)
    await index.dispose()
  }
  expect(await registry.parse({ type: 'flat-index' })).toEqual({
    type: 'flat-index',
    package: '@cbir/flat-index',
    config: { metric: 'euclidean', storage: 'float32', implementation: 'auto' },
  })
  await rm(directory, { recursive: true })
})

test.each([
  { metric: 'euclid' },
  { metric: null },
  { directory: '' },
  { directory: 3 },
  { space: 'l2' },
  { storage: 'int4' },
  { metric: 'hamming', storage: 'int8' },
  { implementation: 'wasm' },
])('%j is INVALID_CONFIG', async (config) => {
  await expect(registry.fromConfig({ type: 'flat-index', config })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
  expect(() => flatIndex(config as never)).toThrowError(expect.objectContaining({ code: 'INVALID_CONFIG' }))
})

test('the manifest names what the package exports', async () => {
  const { name, cbir } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    name: string
    cbir: { apiVersion: number; plugins: { kind: string; name: string; export: string }[] }
  }
  expect(name).toBe(flatIndex.package)
  expect(cbir.apiVersion).toBe(flatIndex.apiVersion)
  expect(cbir.plugins).toEqual([{ kind: flatIndex.kind, name: flatIndex.name, export: '.' }])
  expect(Object.keys(entry)).toEqual(['flatIndex', 'nativeProblem'])
})
