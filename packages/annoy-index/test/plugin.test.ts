// The plugin: configuration there and back, the manifest, and what a wrong configuration says.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as entry from '@cbir/annoy-index'
import { annoyIndex } from '@cbir/annoy-index'
import { createRegistry } from '@cbir/core'
import { expect, test } from 'vitest'

const registry = createRegistry([annoyIndex])

test('a component says the configuration that it was made from, with defaults', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'annoy-index-'))
  const written = [
    {},
    { metric: 'hamming', trees: 3, searchK: 9, seed: 2 ** 53 - 1, threads: 4 },
    { metric: 'cosine', directory: join(directory, 'new') },
  ]
  for (const config of written) {
    const normal = await registry.parse({ type: 'annoy-index', config })
    const index = await registry.fromConfig({ type: 'annoy-index', config }, 'nearest-neighbors-index')
    expect(index.toConfig()).toEqual(normal)
    expect(await registry.parse(index.toConfig())).toEqual(normal)
    await index.dispose()
  }
  expect(await registry.parse({ type: 'annoy-index' })).toEqual({
    type: 'annoy-index',
    package: '@cbir/annoy-index',
    config: { metric: 'euclidean', trees: 20, threads: 1 },
  })
  await rm(directory, { recursive: true })
})

test.each([
  { metric: 'dot' },
  { metric: 'histogram-intersection' },
  { trees: 0 },
  { trees: 1.5 },
  { searchK: 0 },
  { searchK: -1 },
  { seed: 0 },
  { seed: 2 ** 60 },
  { threads: 0 },
  { threads: 65 },
  { directory: '' },
  { searchk: 1 },
])('%j is INVALID_CONFIG', async (config) => {
  await expect(registry.fromConfig({ type: 'annoy-index', config })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
  expect(() => annoyIndex(config as never)).toThrowError(expect.objectContaining({ code: 'INVALID_CONFIG' }))
})

test('the manifest names what the package exports', async () => {
  const { name, cbir } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    name: string
    cbir: { apiVersion: number; plugins: { kind: string; name: string; export: string }[] }
  }
  expect(name).toBe(annoyIndex.package)
  expect(cbir.apiVersion).toBe(annoyIndex.apiVersion)
  expect(cbir.plugins).toEqual([{ kind: annoyIndex.kind, name: annoyIndex.name, export: '.' }])
  expect(Object.keys(entry).sort()).toEqual(['annoyIndex', 'readAnnoyFile', 'writeAnnoyFile'])
  expect(await annoyIndex.usability?.()).toEqual({ usable: true })
})

test('a directory saved with another metric is refused, other trees are not', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'annoy-index-'))
  const index = await annoyIndex({ metric: 'manhattan', directory })
  await index.build([{ uids: ['a'], vectors: { data: Float32Array.of(1, 2), count: 1, dimensions: 2 } }])
  await index.dispose()
  await expect(annoyIndex({ metric: 'euclidean', directory })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
  const again = await annoyIndex({ metric: 'manhattan', trees: 3, directory })
  expect(again.count).toBe(1)
  await again.dispose()
  await rm(directory, { recursive: true })
})
