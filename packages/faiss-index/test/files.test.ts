// Files exchanged with Python's faiss, both ways, for every kind of index; and files that are no index, which a child process finds out.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomFrom } from '@cbir/conformance'
import { faissIndex, readFaissFile, writeFaissFile } from '@cbir/faiss-index'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { hasPythonFaiss, python } from './support/python.ts'
import { clusteredVectors, itemsOf, rowsOf } from './support/vectors.ts'

const D = 16
const ROWS = 600
const K = 5
const vectors = clusteredVectors(ROWS, D)
const queries = rowsOf(vectors, 0, 20)
const FACTORIES = [
  'Flat',
  'IVF8,Flat',
  'IVF8,PQ4x4',
  'OPQ4,IVF8,PQ4x4',
  'OPQ4_8,PQ4x4',
  'HNSW32',
  'SQ8',
  'LSH',
  'PQ4x4',
  'IDMap,Flat',
  'IDMap,IVF8,SQfp16',
  'PCA8,IVF4_HNSW8,Flat',
  'HNSW8,SQ8',
] as const

const BUILD = `
import sys, faiss, numpy as np
folder, d, metric = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
x = np.fromfile(folder + '/vectors', dtype='<f4').reshape(-1, d)
for i, factory in enumerate(sys.argv[4:]):
    index = faiss.index_factory(d, factory, metric)
    index.train(x)
    if factory.startswith('IDMap') or factory.startswith('IVF'): index.add_with_ids(x, np.arange(len(x)) * 3 + 7)
    else: index.add(x)
    faiss.ParameterSpace().set_index_parameter(index, 'nprobe', 64) if 'IVF' in factory else None
    if 'HNSW' in factory and not 'IVF' in factory: faiss.ParameterSpace().set_index_parameter(index, 'efSearch', 256)
    faiss.write_index(index, f'{folder}/python-{i}')
    D, I = index.search(x[:20], ${K})
    I.astype('<i8').tofile(f'{folder}/rows-{i}')
    D.astype('<f4').tofile(f'{folder}/values-{i}')
`

const ASK = `
import sys, faiss, numpy as np, json
path, vectors, d = sys.argv[1], sys.argv[2], int(sys.argv[3])
x = np.fromfile(vectors, dtype='<f4').reshape(-1, d)[:20]
index = faiss.read_index(path)
faiss.ParameterSpace().set_index_parameter(index, 'nprobe', 64) if sys.argv[4].find('IVF') >= 0 else None
if sys.argv[4].find('HNSW') >= 0 and sys.argv[4].find('IVF') < 0: faiss.ParameterSpace().set_index_parameter(index, 'efSearch', 256)
D, I = index.search(x, ${K})
print(json.dumps({'total': index.ntotal, 'ids': I.tolist(), 'values': D.tolist()}))
`

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faiss-files-'))
  await writeFile(join(folder, 'vectors'), vectors.data)
  // Private copies are made there; none may be left.
  vi.stubEnv('TMPDIR', folder)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

describe.skipIf(!hasPythonFaiss)('files of Python', () => {
  beforeAll(() => python(BUILD, folder, String(D), '1', ...FACTORIES), 120_000)

  test.each(FACTORIES.map((factory, i) => [factory, i] as const))('%s is read and answers as there', async (factory, i) => {
    const index = await readFaissFile(join(folder, `python-${i}`), { nprobe: 64, efSearch: 256 })
    expect(index.count).toBe(ROWS)
    expect(index.dimensions).toBe(D)
    const rows = new BigInt64Array((await readFile(join(folder, `rows-${i}`))).buffer.slice(0))
    const values = new Float32Array(Uint8Array.from(await readFile(join(folder, `values-${i}`))).buffer)
    const answer = await index.nearest(queries, K)
    const ids = new Set(rows.subarray(0, queries.count * K))
    expect(ids.size).toBeGreaterThan(0)
    let agree = 0
    for (let q = 0; q < queries.count; q++) {
      const wanted = new Set(Array.from(rows.subarray(q * K, (q + 1) * K), String))
      for (const { uid } of answer.hits(q)) if (wanted.has(uid)) agree++
      if (factory === 'LSH') continue
      for (let j = 0; j < K; j++) expect(answer.distances[q * K + j]).toBeCloseTo(Math.sqrt(Math.max(0, values[q * K + j]!)), 2)
    }
    // Rows at equal distances may stand in another order; LSH has hundreds of them.
    expect(agree).toBeGreaterThanOrEqual(factory === 'LSH' ? 20 : 0.9 * queries.count * K)
    await index.dispose()
  })

  test('an index that was read goes on as any other: it grows, shrinks, is saved and opened', async () => {
    const directory = join(folder, 'kept')
    const index = await readFaissFile(join(folder, `python-${FACTORIES.indexOf('IVF8,Flat')}`), { directory, nprobe: 8 })
    expect(await index.remove(['7', '10'])).toBe(ROWS - 2)
    expect(await index.update([{ uids: ['new', '13'], vectors: rowsOf(vectors, 0, 2) }])).toBe(ROWS - 1)
    expect((await index.nearest(rowsOf(vectors, 0, 2), 1)).uids).toEqual(['new', '13'])
    const config = index.toConfig().config as { factory: string }
    await index.dispose()
    const again = await faissIndex({ factory: config.factory, directory, nprobe: 8 })
    expect((await again.nearest(rowsOf(vectors, 0, 2), 1)).uids).toEqual(['new', '13'])
    await again.dispose()
  })

  test('what does not fit the file is INVALID_CONFIG', async () => {
    const file = join(folder, 'python-0')
    await expect(readFaissFile(file, { factory: 'IVF8,Flat' })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
    await expect(readFaissFile(file, { metric: 'cosine' })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
    await expect(readFaissFile(file, { metric: 'inner-product' })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
  })

  test.each(FACTORIES)('%s is written for Python', async (factory) => {
    const metric = factory === 'LSH' ? 'cosine' : 'euclidean'
    const index = await faissIndex({ factory, metric, nprobe: 64, efSearch: 256 })
    await index.build([itemsOf(vectors, (row) => String(3 * row + 7))])
    const removes = !factory.startsWith('HNSW')
    if (removes) await index.remove(Array.from({ length: 100 }, (_, i) => String(3 * (i + 300) + 7)))
    const path = join(folder, 'ours')
    const written = await writeFaissFile(index, path)
    expect(written.uids).toHaveLength(index.count)
    const name = new Map(Array.from(written.ids, (id, i) => [Number(id), written.uids[i]!]))
    const { total, ids, values } = JSON.parse(await python(ASK, path, join(folder, 'vectors'), String(D), factory)) as {
      total: number
      ids: number[][]
      values: number[][]
    }
    expect(total).toBe(index.count)
    const own = await index.nearest(queries, K)
    let agree = 0
    ids.forEach((row, q) => {
      const wanted = new Set(own.hits(q).map(({ uid }) => uid))
      for (const id of row) if (wanted.has(name.get(id)!)) agree++
      if (factory !== 'LSH') for (let j = 0; j < K; j++) expect(own.distances[q * K + j]).toBeCloseTo(Math.sqrt(Math.max(0, values[q]![j]!)), 2)
    })
    expect(agree).toBeGreaterThanOrEqual(factory === 'LSH' ? 20 : 0.9 * queries.count * K)
    if (factory.startsWith('IDMap') || factory.startsWith('IVF')) expect(name.get(7)).toBe('7')
    await index.dispose()
  })

  test('cosine: vectors of length 1 in inner product', async () => {
    const index = await faissIndex({ factory: 'Flat', metric: 'cosine' })
    await index.build([itemsOf(vectors)])
    const path = join(folder, 'cosine')
    await writeFaissFile(index, path)
    const again = await readFaissFile(path, { metric: 'cosine' })
    const [a, b] = [await index.nearest(queries, K), await again.nearest(queries, K)]
    expect(b.uids).toEqual(a.uids)
    expect(b.distances).toEqual(a.distances)
    await index.dispose()
    await again.dispose()
  })

  test('random damage is refused or answers within bounds, and never ends this process', async () => {
    const { uniform: next } = randomFrom(5)
    for (let round = 0; round < 12; round++) {
      const bytes = new Uint8Array(await readFile(join(folder, `python-${round % FACTORIES.length}`)))
      const damaged = round % 4 === 3 ? bytes.slice(0, Math.floor(bytes.length * next())) : bytes
      // The head is where sizes stand.
      for (let i = 0; i < 8; i++) damaged[Math.floor(next() * (i < 4 ? Math.min(200, damaged.length) : damaged.length))] = Math.floor(256 * next())
      const path = join(folder, 'damaged')
      await writeFile(path, damaged)
      const outcome = await readFaissFile(path, {}, { proofTimeout: 20_000 }).then(
        async (index) => {
          const answer = await index.nearest({ data: new Float32Array(index.dimensions!), count: 1, dimensions: index.dimensions! }, 3)
          await index.dispose()
          return answer.uids.length > 0
        },
        (error: { code: string }) => ['CORRUPT_DATA', 'NOT_SUPPORTED', 'INVALID_CONFIG', 'INVALID_ARGUMENT'].includes(error.code),
      )
      expect(outcome).toBe(true)
    }
  }, 120_000)
})

test('a file that is none, an empty one, another program’s, a folder, and nothing at all', async () => {
  const write = async (name: string, bytes: Uint8Array): Promise<string> => {
    await writeFile(join(folder, name), bytes)
    return join(folder, name)
  }
  const garbage = Uint8Array.from({ length: 5000 }, (_, i) => (i * 31) & 255)
  await expect(readFaissFile(await write('empty', new Uint8Array(0)))).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
  await expect(readFaissFile(await write('garbage', garbage))).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
  await expect(readFaissFile(folder)).rejects.toMatchObject({ code: 'IO_FAILED' })
  await expect(readFaissFile(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'IO_FAILED' })
  await expect(readFaissFile('')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
})

test('a size that no memory has ends the child and not us', async () => {
  // IxF2: a Flat index of 4 dimensions that names 2^38 numbers.
  const bytes = new Uint8Array(60)
  const view = new DataView(bytes.buffer)
  bytes.set(new TextEncoder().encode('IxF2'))
  view.setInt32(4, 4, true)
  view.setBigInt64(8, 2n ** 36n, true)
  bytes[32] = 1
  view.setInt32(33, 1, true)
  view.setBigUint64(37, 2n ** 38n, true)
  await writeFile(join(folder, 'huge'), bytes)
  await expect(readFaissFile(join(folder, 'huge'))).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
})

test('a child that ends before it has read anything is no fault of the file', async () => {
  const { execPath } = process
  const path = join(folder, 'unread')
  await writeFile(path, vectors.data)
  process.execPath = '/bin/false'
  try {
    await expect(readFaissFile(path)).rejects.toMatchObject({ code: 'NOT_USABLE' })
  } finally {
    process.execPath = execPath
  }
})

test('a proof that takes too long, and one that is aborted', async () => {
  const index = await faissIndex({ factory: 'Flat' })
  await index.build([itemsOf(vectors)])
  const path = join(folder, 'slow')
  await writeFaissFile(index, path)
  await index.dispose()
  await expect(readFaissFile(path, {}, { proofTimeout: 1 })).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
  const reason = new Error('enough')
  await expect(readFaissFile(path, {}, { signal: AbortSignal.abort(reason) })).rejects.toMatchObject({ code: 'ABORTED', cause: reason })
  const left = (await readdir(folder)).filter((name) => name.startsWith('cbir-faiss-'))
  expect(left).toEqual([])
})

test('a path that cannot be written is IO_FAILED; an index without rows is EMPTY_INDEX', async () => {
  const index = await faissIndex({ factory: 'Flat' })
  await expect(writeFaissFile(index, join(folder, 'x'))).rejects.toMatchObject({ code: 'EMPTY_INDEX' })
  await index.build([itemsOf(vectors)])
  await expect(writeFaissFile(index, join(folder, 'no', 'such', 'folder'))).rejects.toMatchObject({ code: 'IO_FAILED' })
  await expect(writeFaissFile(index, '')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  expect((await index.nearest(queries, 1)).uids).toHaveLength(20)
  await index.dispose()
})
