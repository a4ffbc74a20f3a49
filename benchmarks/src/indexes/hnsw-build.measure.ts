// HNSW: building the graph of 60 000 vectors on all cores, beside hnswlib in C++ with as many threads.

import { availableParallelism } from 'node:os'
import { alternate, medianRatio, ratio } from '../alternate.ts'
import { atMost, type Row } from '../row.ts'
import { foundRecall } from './found-ids.ts'
import { DIMENSIONS, mnist, QUERIES, ROWS } from './mnist.ts'
import { GRAPH, hnswlibPeer, ours } from './peers.ts'

const K = 10
const EF = 40
/** A round takes a minute. */
const ROUNDS = 5

export async function measure(): Promise<Row[]> {
  const files = await mnist()
  const { m, efConstruction, seed } = GRAPH
  const threads = availableParallelism()
  const [cpp, host] = [await hnswlibPeer(), ours()]
  for (const peer of [cpp, host]) {
    await peer.ask('base', files.base, DIMENSIONS)
    await peer.ask('queries', files.queries, DIMENSIONS)
  }
  const config = JSON.stringify({ metric: 'euclidean', M: m, efConstruction, seed })
  const recalls = { ours: [] as number[], cpp: [] as number[] }
  const times = await alternate(
    {
      cpp: async () => {
        const ms = await cpp.time('build', ROWS, m, efConstruction, seed, threads)
        recalls.cpp.push(await foundRecall(K, (output) => cpp.ask('find', EF, 0, QUERIES, K, output, 0)))
        return ms
      },
      ours: async () => {
        await host.ask('create', 'hnsw-index', config)
        const ms = await host.time('build', ROWS)
        recalls.ours.push(await foundRecall(K, (output) => host.ask('find', JSON.stringify({ efSearch: EF }), 0, QUERIES, K, output, '')))
        await host.ask('clear')
        return ms
      },
    },
    { rounds: ROUNDS, cold: true },
  )
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
  const how = `MNIST 60k × 784, M ${m}, efC ${efConstruction}, ${threads} threads each, best of ${ROUNDS}: ours ${(times.ours.best / 1000).toFixed(1)} s, C++ ${(times.cpp.best / 1000).toFixed(1)} s`
  const recallHow = `recall@10 at ef ${EF}, ${QUERIES} queries, mean over the builds: ours ${mean(recalls.ours).toFixed(4)}, C++ ${mean(recalls.cpp).toFixed(4)}`
  await Promise.all([cpp.stop(), host.stop()])
  return [
    atMost('hnsw.build.over-cpp', ratio(times.ours, times.cpp), 1.05, '× its time', `${how}; ${medianRatio(times.ours, times.cpp)}`),
    atMost('hnsw.build.recall-difference', Math.abs(mean(recalls.ours) - mean(recalls.cpp)), 0.002, '', recallHow),
  ]
}
