// Annoy on the same file beside Annoy in C++, compiled alike; and whether files are byte for byte those of RcppAnnoy.

import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { annoyIndex, writeAnnoyFile } from '@cbir/annoy-index'
import { medianRatio, ratio } from '../alternate.ts'
import { nativeSource } from '../compile.ts'
import { atMost, type Row, shown } from '../row.ts'
import { readFloats } from './float-files.ts'
import { foundRecall } from './found-ids.ts'
import { DIMENSIONS, mnist } from './mnist.ts'
import { annoyFile, annoyPeer, ours, TREES } from './peers.ts'
import { K, timeQueries, turnsOf } from './single-queries.ts'

const BLOCKS = 20
const RECALL_QUERIES = 500
const SETTINGS = [
  { searchK: 1000, queries: 400 },
  { searchK: 8000, queries: 160 },
]
const COMPARED_ROWS = 3000
const COMPARED_SEED = 42

export async function measure(): Promise<Row[]> {
  return [...(await queries()), ...(await sameFiles())]
}

async function queries(): Promise<Row[]> {
  const files = await mnist()
  const file = await annoyFile(files)
  const [cpp, native, host] = [await annoyPeer(), await annoyPeer(true), ours()]
  await host.ask('import', 'annoy-index', file, JSON.stringify({ metric: 'euclidean', dimensions: DIMENSIONS }))
  for (const peer of [cpp, native]) await peer.ask('load', 'euclidean', DIMENSIONS, file)
  for (const peer of [cpp, native, host]) await peer.ask('queries', files.queries, DIMENSIONS)
  const rows: Row[] = []
  for (const { searchK, queries: count } of SETTINGS) {
    const tuning = JSON.stringify({ searchK })
    const sides = { ours: { peer: host, setting: tuning }, cpp: { peer: cpp, setting: searchK }, native: { peer: native, setting: searchK } }
    const times = await timeQueries(sides, count, BLOCKS)
    const own = await foundRecall(K, (output) => host.ask('find', tuning, 0, RECALL_QUERIES, K, output, ''))
    const theirs = await foundRecall(K, (output) => cpp.ask('find', searchK, 0, RECALL_QUERIES, K, output))
    const each = (ms: number): string => (ms / count).toFixed(3)
    const how = `MNIST 60k × 784, one file of ${TREES.trees} trees, search_k ${searchK}, ${turnsOf(count, BLOCKS)}; ms a query: ours ${each(times.ours.best)}, C++ -O3 ${each(times.cpp.best)}, C++ -O3 -march=native ${each(times.native.best)}; recall@10 ours ${own.toFixed(4)}, C++ ${theirs.toFixed(4)}`
    rows.push(
      atMost(
        `annoy.query.search_k${searchK}.over-cpp`,
        ratio(times.ours, times.cpp),
        1,
        '× its time',
        `${how}; ${medianRatio(times.ours, times.cpp)}`,
      ),
      shown(`annoy.query.search_k${searchK}.over-cpp-native`, ratio(times.ours, times.native), '× its time', how),
    )
  }
  await Promise.all([cpp, native, host].map((peer) => peer.stop()))
  return rows
}

/** Plants the same trees with RcppAnnoy and with ours, and compares the files. */
async function sameFiles(): Promise<Row[]> {
  const { base } = await mnist()
  const folder = await mkdtemp(join(tmpdir(), 'cbir-annoy-'))
  try {
    const data = readFloats(base).subarray(0, COMPARED_ROWS * DIMENSIONS)
    const uids = Array.from({ length: COMPARED_ROWS }, (_, i) => String(i))
    const metrics = { euclidean: 'euclidean', angular: 'annoy-angular', manhattan: 'manhattan' } as const
    const names = Object.keys(metrics) as (keyof typeof metrics)[]
    const theirs = names.flatMap((name) => [name, join(folder, `${name}.r`)])
    const numbers = [COMPARED_ROWS, DIMENSIONS, TREES.trees, COMPARED_SEED].map(String)
    const { stdout } = await promisify(execFile)('Rscript', [nativeSource('annoy_files.R'), base, ...numbers, ...theirs])
    let different = 0
    for (const name of names) {
      const index = await annoyIndex({ metric: metrics[name], trees: TREES.trees, seed: COMPARED_SEED })
      await index.build([{ uids, vectors: { data, count: COMPARED_ROWS, dimensions: DIMENSIONS } }])
      const file = join(folder, `${name}.ours`)
      await writeAnnoyFile(index, file)
      if (!(await readFile(file)).equals(await readFile(join(folder, `${name}.r`)))) different++
      await index.dispose()
    }
    const how = `${COMPARED_ROWS} × ${DIMENSIONS}, ${TREES.trees} trees, seed ${COMPARED_SEED}, ${names.join(', ')}: files compared byte for byte with RcppAnnoy ${stdout.trim()}`
    return [atMost('annoy.files-different-from-rcppannoy', different, 0, `of ${names.length}`, how)]
  } finally {
    await rm(folder, { recursive: true })
  }
}
