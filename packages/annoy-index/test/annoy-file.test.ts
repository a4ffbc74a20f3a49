// Files of Annoy, both ways, held against RcppAnnoy.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AnnoyIndex, type AnnoyMetric, annoyIndex, readAnnoyFile, writeAnnoyFile } from '@cbir/annoy-index'
import { AnnoyIndex as CompatIndex, Metric } from '@cbir/annoy-index/compat'
import { referenceNearestNeighborsIndex } from '@cbir/conformance'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { askR, buildWithR, type RcppClass } from './support/rcpp-annoy.ts'
import { randomVectors, rowOf, uidsFor } from './support/vectors.ts'

const ROWS = 900
const DIMENSIONS = 20
const TREES = 7
const vectors = randomVectors(1, ROWS, DIMENSIONS)
const queries = randomVectors(2, 10, DIMENSIONS)

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'annoy-file-'))
})
afterAll(() => rm(directory, { recursive: true }))

async function built(metric: AnnoyMetric, seed?: number): Promise<AnnoyIndex> {
  const index = await annoyIndex({ metric, trees: TREES, ...(seed === undefined ? {} : { seed }) })
  // In batches, which must not matter.
  await index.build(
    [0, 300, 600].map((from) => ({
      uids: uidsFor(ROWS).slice(from, from + 300),
      vectors: { data: vectors.data.slice(from * DIMENSIONS, (from + 300) * DIMENSIONS), count: 300, dimensions: DIMENSIONS },
    })),
  )
  return index
}

describe.each([
  ['euclidean', 'AnnoyEuclidean', Metric.EUCLIDEAN],
  ['annoy-angular', 'AnnoyAngular', Metric.ANGULAR],
  ['manhattan', 'AnnoyManhattan', Metric.MANHATTAN],
] as const)('%s', (metric, of: RcppClass, number) => {
  let theirs: string
  beforeAll(async () => {
    theirs = join(directory, `${of}.ann`)
    await buildWithR(directory, of, vectors, TREES, 42, theirs)
  })

  test('writes the very bytes of RcppAnnoy, with a seed and without', async () => {
    const ours = join(directory, `${metric}.ann`)
    const index = await built(metric, 42)
    expect((await writeAnnoyFile(index, ours)).uids).toEqual(uidsFor(ROWS))
    expect((await readFile(ours)).equals(await readFile(theirs))).toBe(true)
    await index.dispose()

    const plain = join(directory, `${of}-plain.ann`)
    await buildWithR(directory, of, vectors, TREES, undefined, plain)
    const other = await built(metric)
    await writeAnnoyFile(other, ours)
    expect((await readFile(ours)).equals(await readFile(plain))).toBe(true)
    await other.dispose()
  })

  test('AnnoyIndex writes them too, and answers as Annoy does', async () => {
    const compat = new CompatIndex(DIMENSIONS, number)
    for (let i = 0; i < ROWS; i++) compat.addItem(i, Float64Array.from(rowOf(vectors, i)))
    compat.set_seed(42)
    compat.build(TREES)
    const ours = join(directory, `${metric}-compat.ann`)
    compat.save(ours)
    expect((await readFile(ours)).equals(await readFile(theirs))).toBe(true)
    const loaded = new CompatIndex(DIMENSIONS, number)
    loaded.load(theirs)
    for (const searchK of [-1, 500]) {
      const answers = await askR(directory, of, theirs, queries, 12, searchK)
      for (const [i, { items, distances }] of answers.entries()) {
        for (const index of [compat, loaded]) {
          const found = index.get_nns_by_vector(rowOf(queries, i), 12, true, searchK)
          expect(found.neighbours).toEqual(items)
          for (const [j, distance] of found.distances!.entries()) expect(distance).toBeCloseTo(distances[j]!, 4)
        }
      }
    }
  })

  test('an index of their file answers as Annoy does, and our file answers the same in R', async () => {
    const index = await readAnnoyFile(theirs, { metric, dimensions: DIMENSIONS, uids: uidsFor(ROWS) })
    const answers = await askR(directory, of, theirs, queries, 10, 400)
    const found = await index.nearest(queries, 10, { tuning: { searchK: 400 } })
    for (const [i, { items }] of answers.entries()) expect(found.hits(i).map(({ uid }) => uid)).toEqual(items.map((item) => `item ${item}`))
    const again = join(directory, `${metric}-again.ann`)
    await writeAnnoyFile(index, again)
    expect((await readFile(again)).equals(await readFile(theirs))).toBe(true)

    // What was removed here is not found there.
    const { items: first } = answers[0]!
    await index.remove([`item ${first[0]}`, `item ${first[3]}`])
    const { uids } = await writeAnnoyFile(index, again)
    expect(uids.flatMap((uid, i) => (uid === undefined ? [i] : []))).toEqual([first[0]!, first[3]!].sort((a, b) => a - b))
    const left = (await askR(directory, of, again, queries, 10, 4000))[0]!.items
    expect(left).not.toContain(first[0])
    expect(left).not.toContain(first[3])
    const back = await readAnnoyFile(again, { metric, dimensions: DIMENSIONS })
    expect(back.count).toBe(ROWS - 2)
    expect((await back.nearest(queries, ROWS)).offsets[1]).toBe(ROWS - 2)
    await back.dispose()
    await index.dispose()
  })
})

test('hamming: words of R are coordinates here', async () => {
  // Annoy leaves bytes of splits unwritten, so that its own files differ from run to run: what is compared are answers.
  const bits = randomVectors(3, 400, 48, 'hamming')
  // R's numbers hold 48 bits exactly.
  const words = { data: new Float64Array(400), count: 400, dimensions: 1 }
  for (let i = 0; i < 400; i++) for (let j = 0; j < 48; j++) words.data[i]! += bits.data[i * 48 + j]! * 2 ** j
  const index = await annoyIndex({ metric: 'hamming', trees: 5, seed: 9 })
  await index.build([{ uids: uidsFor(400), vectors: bits }])
  const path = join(directory, 'hamming.ann')
  await writeAnnoyFile(index, path)
  const { stdout } = await import('node:child_process').then(({ execFile }) =>
    import('node:util').then(({ promisify }) =>
      promisify(execFile)('Rscript', [
        '-e',
        `suppressPackageStartupMessages(library(RcppAnnoy)); a <- new(AnnoyHamming, 1); a$load(${JSON.stringify(path)}); for (i in 0:9) { cat(sprintf('%.0f', a$getItemsVector(i)), ''); r <- a$getNNsByItemList(i, 5, 10000, TRUE); cat(r$distance, '\\n') }`,
      ]),
    ),
  )
  const found = await index.nearest({ data: bits.data.slice(0, 480), count: 10, dimensions: 48 }, 5, { tuning: { searchK: 10_000 } })
  for (const [i, line] of stdout.trim().split('\n').entries()) {
    const [word, ...distances] = line.trim().split(/\s+/).map(Number)
    expect(word).toBe(words.data[i])
    expect(found.hits(i).map(({ distance }) => Math.round(distance * 48))).toEqual(distances)
  }
  await index.dispose()
})

describe('what cannot be read or written', () => {
  test('a missing file, another metric, other dimensions, no multiple, too few uids', async () => {
    const index = await built('euclidean')
    const path = join(directory, 'whole.ann')
    await writeAnnoyFile(index, path)
    await expect(readAnnoyFile(join(directory, 'nothing'), { dimensions: 3 })).rejects.toMatchObject({ code: 'IO_FAILED' })
    for (const [metric, dimensions] of [
      ['angular', DIMENSIONS],
      ['inner-product', DIMENSIONS],
      ['euclidean', DIMENSIONS - 1],
      ['euclidean', 2],
      ['hamming', 7],
      ['euclidean', DIMENSIONS * 2 + 4],
    ] as const) {
      await expect(readAnnoyFile(path, { metric, dimensions })).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
    }
    await expect(readAnnoyFile(path, { dimensions: 0 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(readAnnoyFile('', { dimensions: DIMENSIONS })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(readAnnoyFile(path, { dimensions: DIMENSIONS, uids: ['a'] })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(readAnnoyFile(path, { dimensions: DIMENSIONS, trees: 0 })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
    await expect(writeAnnoyFile(index, join(directory, 'none', 'x.ann'))).rejects.toMatchObject({ code: 'IO_FAILED' })
    await expect(writeAnnoyFile(referenceNearestNeighborsIndex({ metric: 'euclidean' }), path)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(writeAnnoyFile(await annoyIndex(), path)).rejects.toMatchObject({ code: 'EMPTY_INDEX' })
    await writeFile(path, '')
    await expect(readAnnoyFile(path, { dimensions: DIMENSIONS })).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
    await index.dispose()
  })

  test('read into a directory, it is there when that is opened', async () => {
    const index = await built('manhattan')
    const path = join(directory, 'to-directory.ann')
    await writeAnnoyFile(index, path)
    const home = join(directory, 'home')
    const read = await readAnnoyFile(path, { metric: 'manhattan', dimensions: DIMENSIONS, directory: home })
    await read.dispose()
    const opened = await annoyIndex({ metric: 'manhattan', directory: home })
    const [a, b] = [await opened.nearest(queries, 5), await index.nearest(queries, 5)]
    expect([...a.distances]).toEqual([...b.distances])
    // A build replaces it.
    expect(await opened.build([{ uids: ['x'], vectors: { data: Float32Array.of(1), count: 1, dimensions: 1 } }])).toBe(1)
    await opened.dispose()
    await index.dispose()
  })
})

test('threads give another forest, the same one every time', async () => {
  const write = async (threads: number): Promise<Buffer> => {
    const index = await annoyIndex({ trees: TREES, threads, seed: 3 })
    await index.build([{ uids: uidsFor(ROWS), vectors }])
    const path = join(directory, 'threads.ann')
    await writeAnnoyFile(index, path)
    await index.dispose()
    return readFile(path)
  }
  const [one, two, again] = [await write(1), await write(2), await write(2)]
  expect(two.equals(again)).toBe(true)
  expect(two.equals(one)).toBe(false)
})
