// HNSW, 10 000 queries in one call, with one thread and with two, beside hnswlib in C++ with as many.

import { alternate, medianRatio, ratio } from '../alternate.ts'
import { atLeast, type Row } from '../row.ts'
import { DIMENSIONS, mnist, QUERIES } from './mnist.ts'
import { hnswGraph, hnswlibPeer, ours } from './peers.ts'

const K = 10
const SETTINGS = [
  { ef: 10, twoOverOne: 1.8 },
  { ef: 40, twoOverOne: 1.8 },
  { ef: 160, twoOverOne: 1.75 },
]

export async function measure(): Promise<Row[]> {
  const files = await mnist()
  const graph = await hnswGraph(files)
  const cpp = await hnswlibPeer()
  const single = ours(1)
  const double = ours(2)
  await cpp.ask('load', graph, DIMENSIONS)
  for (const host of [single, double]) await host.ask('import', 'hnsw-index', graph, JSON.stringify({ metric: 'euclidean' }))
  for (const peer of [cpp, single, double]) await peer.ask('queries', files.queries, DIMENSIONS)

  const rows: Row[] = []
  for (const { ef, twoOverOne } of SETTINGS) {
    const tuning = JSON.stringify({ efSearch: ef })
    const times = await alternate({
      double: () => double.time('batch', tuning, 0, QUERIES, K),
      cpp: () => cpp.time('batch', ef, 0, QUERIES, K, 2),
      single: () => single.time('batch', tuning, 0, QUERIES, K),
    })
    const rate = (ms: number): string => Math.round((1000 * QUERIES) / ms).toString()
    const how = `MNIST 60k × 784, one graph file, ef ${ef}, ${QUERIES} queries in one call, best of 5; queries a second: ours ${rate(times.single.best)} → ${rate(times.double.best)} (one → two threads), C++ with two ${rate(times.cpp.best)}`
    rows.push(
      atLeast(
        `hnsw.batch.ef${ef}.over-cpp`,
        ratio(times.cpp, times.double),
        1,
        '× its throughput',
        `${how}; ${medianRatio(times.cpp, times.double)}`,
      ),
      atLeast(`hnsw.batch.ef${ef}.two-threads`, ratio(times.single, times.double), twoOverOne, '× one thread', how),
    )
  }
  await Promise.all([cpp, single, double].map((peer) => peer.stop()))
  return rows
}
