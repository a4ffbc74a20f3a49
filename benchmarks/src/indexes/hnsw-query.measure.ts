// HNSW, one query after the other, each awaited through the public method, beside hnswlib in C++ and hnswlib-node on the same graph file.

import { medianRatio, ratio } from '../alternate.ts'
import { atLeast, atMost, type Row, shown } from '../row.ts'
import { foundRecall } from './found-ids.ts'
import { DIMENSIONS, mnist } from './mnist.ts'
import { GRAPH, hnswGraph, hnswlibNodePeer, hnswlibPeer, ours } from './peers.ts'
import { K, timeQueries, turnsOf } from './single-queries.ts'

/** Turns of some 20 ms: short enough that a quiet moment covers one. */
const BLOCKS = 10
const RECALL_QUERIES = 2000
const SETTINGS = [
  { ef: 10, queries: 2000, overCpp: 1.05, overNode: 2.6 },
  { ef: 40, queries: 1000, overCpp: 1.0, overNode: 1.7 },
  { ef: 160, queries: 500, overCpp: 1.0, overNode: 1.9 },
]

export async function measure(): Promise<Row[]> {
  const files = await mnist()
  const graph = await hnswGraph(files)
  const [cpp, node, host] = [await hnswlibPeer(), await hnswlibNodePeer(), ours()]
  await Promise.all([cpp.ask('load', graph, DIMENSIONS), node.ask('load', graph, DIMENSIONS)])
  await host.ask('import', 'hnsw-index', graph, JSON.stringify({ metric: 'euclidean', M: GRAPH.m, efConstruction: GRAPH.efConstruction }))
  for (const peer of [cpp, node, host]) await peer.ask('queries', files.queries, DIMENSIONS)

  const rows: Row[] = []
  for (const { ef, queries, overCpp, overNode } of SETTINGS) {
    const tuning = JSON.stringify({ efSearch: ef })
    const sides = { ours: { peer: host, setting: tuning }, cpp: { peer: cpp, setting: ef }, node: { peer: node, setting: ef } }
    const times = await timeQueries(sides, queries, BLOCKS)
    const oursRecall = await foundRecall(K, (output) => host.ask('find', tuning, 0, RECALL_QUERIES, K, output, ''))
    const cppRecall = await foundRecall(K, (output) => cpp.ask('find', ef, 0, RECALL_QUERIES, K, output, 0))
    const each = (ms: number): string => (ms / queries).toFixed(4)
    const how = `MNIST 60k × 784, one graph file (M ${GRAPH.m}, efC ${GRAPH.efConstruction}), ef ${ef}, ${turnsOf(queries, BLOCKS)}; ms a query: ours ${each(times.ours.best)}, C++ ${each(times.cpp.best)}, hnswlib-node ${each(times.node.best)}`
    rows.push(
      atMost(`hnsw.query.ef${ef}.over-cpp`, ratio(times.ours, times.cpp), overCpp, '× its time', `${how}; ${medianRatio(times.ours, times.cpp)}`),
      atLeast(`hnsw.query.ef${ef}.over-hnswlib-node`, ratio(times.node, times.ours), overNode, '× faster', how),
      shown(`hnsw.query.ef${ef}.recall`, oursRecall, '', `recall@10 of ${RECALL_QUERIES} queries; C++: ${cppRecall.toFixed(4)}`),
    )
  }
  await Promise.all([cpp, node, host].map((peer) => peer.stop()))
  return rows
}
