// The plugin: configuration there and back, the manifest, and what a wrong configuration says.

import { readFile } from 'node:fs/promises'
import { createRegistry, supports } from '@cbir/core'
import * as entry from '@cbir/faiss-index'
import { faissIndex } from '@cbir/faiss-index'
import { expect, test } from 'vitest'

const registry = createRegistry([faissIndex])

test('a component says the configuration that it was made from, with defaults', async () => {
  for (const config of [{}, { factory: 'IVF8,PQ4', metric: 'cosine', nprobe: 3, trainingRows: 9 }, { factory: 'LSH', metric: 'cosine' }]) {
    const normal = await registry.parse({ type: 'faiss-index', config })
    const index = await registry.fromConfig({ type: 'faiss-index', config }, 'nearest-neighbors-index')
    expect(index.toConfig()).toEqual(normal)
    expect(await registry.parse(index.toConfig())).toEqual(normal)
    await index.dispose()
  }
  expect(await registry.parse({ type: 'faiss-index' })).toMatchObject({
    config: { factory: 'HNSW32', metric: 'euclidean', nprobe: 16, efSearch: 64 },
  })
})

test.each([
  { metric: 'manhattan' },
  { metric: null },
  { factory: 3 },
  { nprobe: 0 },
  { efSearch: 1.5 },
  { seed: -1 },
  { trainingRows: 0 },
  { directory: '' },
  { space: 'l2' },
])('%j is INVALID_CONFIG', async (config) => {
  await expect(registry.fromConfig({ type: 'faiss-index', config })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
})

test('a metric that faiss lacks is refused with the names of the indexes that have it', () => {
  expect(() => faissIndex({ metric: 'hamming' as never })).toThrowError(/flat-index.*hnsw-index/)
})

test('what an index can do depends on its factory string', async () => {
  const lists = await faissIndex({ factory: 'IVF4,Flat' })
  const graph = await faissIndex({ factory: 'HNSW8' })
  const flat = await faissIndex({ factory: 'Flat' })
  expect([supports(lists, 'remove'), supports(lists, 'range'), supports(lists, 'exact')]).toEqual([true, true, false])
  expect([supports(graph, 'remove'), supports(graph, 'range'), supports(graph, 'update')]).toEqual([false, false, true])
  expect(supports(flat, 'exact')).toBe(true)
  for (const index of [lists, graph, flat]) await index.dispose()
})

test('the manifest names what the package exports', async () => {
  const { name, cbir } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    name: string
    cbir: { apiVersion: number; plugins: { kind: string; name: string; export: string }[] }
  }
  expect(name).toBe(faissIndex.package)
  expect(cbir).toEqual({ apiVersion: faissIndex.apiVersion, plugins: [{ kind: faissIndex.kind, name: faissIndex.name, export: '.' }] })
  expect(Object.keys(entry).sort()).toEqual(['faissIndex', 'readFaissFile', 'writeFaissFile'])
  expect(await faissIndex.usability?.()).toEqual({ usable: true })
})
