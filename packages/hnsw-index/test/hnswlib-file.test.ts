// Files of hnswlib: of Python's and of C++, read and written, whole and damaged.

import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { CbirError, type Metric, type VectorBatch } from '@cbir/core'
import { type HnswIndex, hnswIndex, readHnswlibFile, writeHnswlibFile } from '@cbir/hnsw-index'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundle, runChild } from '../../../tooling/run-child.ts'
import { numbers } from './support/numbers.ts'

const run = promisify(execFile)
const PYTHON = '/usr/bin/python3'
const hasPython = await run(PYTHON, ['-c', 'import hnswlib']).then(
  () => true,
  () => false,
)
const here = fileURLToPath(new URL('.', import.meta.url))
const DIMENSIONS = 12
const ROWS = 600
const batch = (seed: number, count: number): VectorBatch => ({ data: numbers(seed, count * DIMENSIONS), count, dimensions: DIMENSIONS })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hnswlib-file-'))
})
afterAll(() => rm(folder, { recursive: true }))

const path = (name: string): string => join(folder, name)

async function built(metric: Metric, config = {}): Promise<HnswIndex> {
  const index = await hnswIndex({ metric, M: 8, efConstruction: 60, ...config })
  await index.build([{ uids: Array.from({ length: ROWS }, (_, i) => String(3 * i)), vectors: batch(1, ROWS) }])
  return index
}

const python = (program: string, ...args: string[]): Promise<{ stdout: string }> => run(PYTHON, ['-c', program, ...args])

/** A program that loads a file and prints labels and distances of the queries. */
const ASK = `
import hnswlib, numpy, sys, json
path, space, dim, queries, k = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], int(sys.argv[5])
index = hnswlib.Index(space, dim)
index.load_index(path)
index.set_ef(200)
labels, distances = index.knn_query(numpy.fromfile(queries, 'float32').reshape(-1, dim), k)
print(json.dumps({ 'labels': labels.tolist(), 'distances': distances.tolist() }))
`

const BUILD = `
import hnswlib, numpy, sys
path, space, dim, vectors = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
data = numpy.fromfile(vectors, 'float32').reshape(-1, dim)
index = hnswlib.Index(space, dim)
index.init_index(max_elements=len(data) + 5, ef_construction=60, M=8)
index.add_items(data, numpy.arange(len(data)) * 7 + 2)
index.mark_deleted(9)
index.save_index(path)
`

const SPACES: [Metric, string, (distance: number) => number][] = [
  ['euclidean', 'l2', (d) => d * d],
  ['inner-product', 'ip', (d) => 1 + d],
  ['cosine', 'cosine', (d) => d],
]

describe.skipIf(!hasPython)('Python', () => {
  test.each(SPACES)('%s: what we write, hnswlib answers alike', async (metric, space, theirs) => {
    const index = await built(metric)
    await index.remove(['0', '30'])
    const file = path(`ours-${metric}`)
    await writeHnswlibFile(index, file)
    const queries = batch(2, 10)
    await writeFile(path('queries'), queries.data)
    const answer = JSON.parse((await python(ASK, file, space, String(DIMENSIONS), path('queries'), '5')).stdout) as {
      labels: number[][]
      distances: number[][]
    }
    const found = await index.nearest(queries, 5, { tuning: { efSearch: 200 } })
    for (let i = 0; i < 10; i++) {
      const hits = found.hits(i)
      expect(answer.labels[i]).toEqual(hits.map(({ uid }) => Number(uid)))
      for (const [j, { distance }] of hits.entries()) expect(answer.distances[i]![j]).toBeCloseTo(theirs(distance), 4)
    }
    await index.dispose()
  })

  test.each(SPACES)('%s: what hnswlib writes is read, answers, changes and is saved', async (metric, space) => {
    const vectors = batch(3, ROWS)
    await writeFile(path('vectors'), vectors.data)
    const file = path(`theirs-${metric}`)
    await python(BUILD, file, space, String(DIMENSIONS), path('vectors'))
    const index = await readHnswlibFile(file, {
      metric,
      dimensions: DIMENSIONS,
      uidOf: (label) => `song ${label}`,
      directory: path(`home-${metric}`),
    })
    expect(index.count).toBe(ROWS - 1)
    expect(index.toConfig()).toMatchObject({ config: { M: 8, efConstruction: 60 } })
    const found = await index.nearest(vectors, 1)
    // Under the inner product a vector need not be its own neighbour.
    const own = found.uids.filter((uid, i) => uid === `song ${7 * i + 2}`).length
    expect(own).toBeGreaterThanOrEqual(metric === 'inner-product' ? 1 : ROWS - 3)
    expect(found.uids).not.toContain('song 9')
    await index.update([{ uids: ['new', 'song 2'], vectors: batch(4, 2) }])
    expect(index.count).toBe(ROWS)
    if (metric !== 'inner-product') expect((await index.nearest(batch(4, 2), 1)).uids).toEqual(['new', 'song 2'])
    await index.dispose()
    const again = await hnswIndex({ metric, M: 8, directory: path(`home-${metric}`) })
    expect(again.count).toBe(ROWS)
    await again.dispose()
  })
})

test('C++ hnswlib loads what we write, and writes what we read', async () => {
  const program = path('exchange')
  const headers = join(here, '../node_modules/hnswlib-node/src')
  await run('g++', ['-std=c++17', '-O1', '-w', `-I${headers}`, join(here, 'support/exchange.cc'), '-o', program, '-pthread'])
  const index = await built('euclidean')
  await writeHnswlibFile(index, path('ours-cpp'), { labelOf: (uid) => BigInt(uid) + 2n ** 40n })
  await run(program, [path('ours-cpp'), String(DIMENSIONS), path('theirs-cpp')])
  const again = await readHnswlibFile(path('theirs-cpp'), { metric: 'euclidean', codes: 'int8' })
  expect(again.count).toBe(ROWS + 1)
  const queries = batch(1, ROWS)
  const found = await again.nearest(queries, 1)
  expect(found.uids).toEqual(Array.from({ length: ROWS }, (_, i) => String(3n * BigInt(i) + 2n ** 40n)))
  await index.dispose()
  await again.dispose()
})

describe('refused', () => {
  let file: string
  let index: HnswIndex
  beforeAll(async () => {
    file = path('whole')
    index = await built('euclidean')
    await writeHnswlibFile(index, file)
  })
  afterAll(() => index.dispose())

  const code = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => 'nothing',
      (error: unknown) => (CbirError.isInstance(error) ? error.code : error),
    )

  test('files that are none, not there, of other dimensions or another metric', async () => {
    await writeFile(path('text'), 'a text, and by no means a graph')
    expect(await code(readHnswlibFile(path('text'), { metric: 'euclidean' }))).toBe('CORRUPT_DATA')
    expect(await code(readHnswlibFile(path('nowhere'), { metric: 'euclidean' }))).toBe('NOT_FOUND')
    expect(await code(readHnswlibFile(folder, { metric: 'euclidean' }))).toBe('IO_FAILED')
    expect(await code(readHnswlibFile(file, { metric: 'euclidean', dimensions: 13 }))).toBe('DIMENSION_MISMATCH')
    expect(await code(readHnswlibFile(file, { metric: 'cosine' }))).toBe('CORRUPT_DATA')
    expect(await code(readHnswlibFile(file, { metric: 'manhattan' }))).toBe('INVALID_ARGUMENT')
    expect(await code(readHnswlibFile(file, { metric: 'euclidean', M: 9 }))).toBe('INVALID_ARGUMENT')
    expect(await code(readHnswlibFile(file, { metric: 'euclidean', uidOf: () => 'one' }))).toBe('DUPLICATE_UID')
    expect(await code(readHnswlibFile('', { metric: 'euclidean' }))).toBe('INVALID_ARGUMENT')
  })

  test('uids that are no labels, labels that are there twice, an index that was never built, a folder that is not there', async () => {
    const named = await hnswIndex()
    expect(await code(writeHnswlibFile(named, path('none')))).toBe('EMPTY_INDEX')
    await named.build([{ uids: ['a', 'b'], vectors: batch(1, 2) }])
    expect(await code(writeHnswlibFile(named, path('none')))).toBe('INVALID_ARGUMENT')
    expect(await code(writeHnswlibFile(named, path('none'), { labelOf: () => 1 }))).toBe('INVALID_ARGUMENT')
    expect(await code(writeHnswlibFile(named, path('none'), { labelOf: () => -1 }))).toBe('INVALID_ARGUMENT')
    expect(await code(writeHnswlibFile(named, join(folder, 'nowhere', 'file'), { labelOf: (uid) => uid.charCodeAt(0) }))).toBe('IO_FAILED')
    const before = await readdir(folder)
    expect(before.filter((name) => name === 'none' || name.startsWith('.'))).toEqual([])
    await named.dispose()
  })

  test('300 files damaged at random: a typed error, or answers within bounds', async () => {
    const program = await bundle(new URL('support/damage-program.ts', import.meta.url), folder)
    const { end, lines, errors } = await runChild(program, [file, '300'], 120)
    expect({ end, errors }).toEqual({ end: 0, errors: '' })
    const { refused, answered } = JSON.parse(lines.at(-1)!) as { refused: number; answered: number }
    expect(refused + answered).toBe(300)
    expect(refused).toBeGreaterThan(100)
  }, 150_000)
})
