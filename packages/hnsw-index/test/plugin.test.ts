// The plugin: configuration there and back, the manifest, and what a wrong configuration says.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRegistry } from '@cbir/core'
import * as entry from '@cbir/hnsw-index'
import { hnswIndex } from '@cbir/hnsw-index'
import { expect, test } from 'vitest'

const registry = createRegistry([hnswIndex])
const one = (): { uids: string[]; vectors: { data: Float32Array; count: number; dimensions: number } } => ({
  uids: ['a'],
  vectors: { data: Float32Array.of(1, 2), count: 1, dimensions: 2 },
})

test('a component says the configuration that it was made from, with defaults', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hnsw-index-'))
  const written = [
    {},
    { metric: 'hamming', M: 2, efConstruction: 1, efSearch: 1_000_000, seed: 2 ** 53 - 1, reproducible: true },
    { metric: 'cosine', codes: 'int8', directory: join(directory, 'new') },
  ]
  for (const config of written) {
    const normal = await registry.parse({ type: 'hnsw-index', config })
    const index = await registry.fromConfig({ type: 'hnsw-index', config }, 'nearest-neighbors-index')
    expect(index.toConfig()).toEqual(normal)
    expect(await registry.parse(index.toConfig())).toEqual(normal)
    await index.dispose()
  }
  expect(await registry.parse({ type: 'hnsw-index' })).toEqual({
    type: 'hnsw-index',
    package: '@cbir/hnsw-index',
    config: { metric: 'euclidean', M: 16, efConstruction: 200, efSearch: 64, seed: 100, codes: 'none', reproducible: false },
  })
  await rm(directory, { recursive: true })
})

test.each([
  { metric: 'l2' },
  { M: 0 },
  { M: 1 },
  { M: 10_001 },
  { M: 2.5 },
  { M: '16' },
  { efConstruction: 0 },
  { efSearch: 0 },
  { efSearch: 1_000_001 },
  { seed: -1 },
  { seed: 2 ** 60 },
  { codes: '8-bit' },
  { metric: 'hamming', codes: 'int8' },
  { directory: '' },
  { m: 16 },
])('%j is INVALID_CONFIG', async (config) => {
  await expect(registry.fromConfig({ type: 'hnsw-index', config })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
  expect(() => hnswIndex(config as never)).toThrowError(expect.objectContaining({ code: 'INVALID_CONFIG' }))
})

test('codes end at 65 536 dimensions', async () => {
  const index = await hnswIndex({ codes: 'int8' })
  const vectors = { data: new Float32Array(65_537), count: 1, dimensions: 65_537 }
  await expect(index.build([{ uids: ['a'], vectors }])).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
  await index.dispose()
})

test('the manifest names what the package exports', async () => {
  const { name, cbir } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    name: string
    cbir: { apiVersion: number; plugins: { kind: string; name: string; export: string }[] }
  }
  expect(name).toBe(hnswIndex.package)
  expect(cbir.apiVersion).toBe(hnswIndex.apiVersion)
  expect(cbir.plugins).toEqual([{ kind: hnswIndex.kind, name: hnswIndex.name, export: '.' }])
  expect(Object.keys(entry).sort()).toEqual(['hnswIndex', 'readHnswlibFile', 'writeHnswlibFile'])
  expect(await hnswIndex.usability?.()).toEqual({ usable: true })
})

test('a directory of another metric or M is refused; codes, efSearch and efConstruction may be others', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hnsw-index-'))
  const index = await hnswIndex({ metric: 'manhattan', directory })
  await index.build([one()])
  await index.dispose()
  await expect(hnswIndex({ metric: 'euclidean', directory })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
  await expect(hnswIndex({ metric: 'manhattan', M: 8, directory })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
  const again = await hnswIndex({ metric: 'manhattan', codes: 'int8', efSearch: 9, efConstruction: 9, directory })
  expect((await again.nearest(one().vectors, 1)).hits(0)).toEqual([{ uid: 'a', distance: 0 }])
  await again.dispose()
  await rm(directory, { recursive: true })
})
