// HNSW in its 8-bit mode on rotated data, beside hnswlib in C++ at the same recall.

import { medianRatio, ratio } from '../alternate.ts'
import { atLeast, type Row, shown } from '../row.ts'
import { foundRecall } from './found-ids.ts'
import { DIMENSIONS, rotatedMnist } from './mnist.ts'
import { hnswGraph, hnswlibPeer, ours } from './peers.ts'
import { K, timeQueries, turnsOf } from './single-queries.ts'

const RECALL_QUERIES = 10_000
const QUERIES = 1000
const BLOCKS = 10
const RECALLS = [0.95, 0.99, 0.995]
const TARGET_RECALL = 0.99
const LARGEST_EF = 512

export async function measure(): Promise<Row[]> {
  const files = await rotatedMnist()
  const graph = await hnswGraph(files)
  const [cpp, host] = [await hnswlibPeer(), ours()]
  await cpp.ask('load', graph, DIMENSIONS)
  await host.ask('import', 'hnsw-index', graph, JSON.stringify({ metric: 'euclidean', codes: 'int8' }))
  for (const peer of [cpp, host]) await peer.ask('queries', files.queries, DIMENSIONS)
  const tuning = (ef: number): string => JSON.stringify({ efSearch: ef })
  const recallOfCpp = recallAt((ef, output) => cpp.ask('find', ef, 0, RECALL_QUERIES, K, output, 0))
  const recallOfOurs = recallAt((ef, output) => host.ask('find', tuning(ef), 0, RECALL_QUERIES, K, output, ''))

  const rows: Row[] = []
  for (const wanted of RECALLS) {
    const theirs = await smallestEf(recallOfCpp, wanted)
    // Ours must reach what theirs reached, not only what was wanted.
    const own = await smallestEf(recallOfOurs, theirs.recall)
    const sides = { ours: { peer: host, setting: tuning(own.ef) }, cpp: { peer: cpp, setting: theirs.ef } }
    const times = await timeQueries(sides, QUERIES, BLOCKS)
    const how = `MNIST 60k × 784 rotated, one graph file, recall@10 of ${RECALL_QUERIES} queries: C++ ef ${theirs.ef} ${theirs.recall.toFixed(4)}, ours ef ${own.ef} ${own.recall.toFixed(4)}; ${turnsOf(QUERIES, BLOCKS)}; ms a query: ours ${(times.ours.best / QUERIES).toFixed(4)}, C++ ${(times.cpp.best / QUERIES).toFixed(4)}; ${medianRatio(times.cpp, times.ours)}`
    const id = `hnsw.codes.recall${wanted}`
    const factor = ratio(times.cpp, times.ours)
    rows.push(wanted === TARGET_RECALL ? atLeast(id, factor, 2.2, '× faster', `${how} (2.5 is the wish)`) : shown(id, factor, '× faster', how))
  }
  await Promise.all([cpp.stop(), host.stop()])
  return rows
}

/** The recall at an ef, each measured once. */
function recallAt(find: (ef: number, output: string) => Promise<unknown>): (ef: number) => Promise<number> {
  const known = new Map<number, number>()
  return async (ef) => {
    if (!known.has(ef)) known.set(ef, await foundRecall(K, (output) => find(ef, output)))
    return known.get(ef)!
  }
}

/** The smallest ef that reaches the recall, by bisection. */
async function smallestEf(recallOf: (ef: number) => Promise<number>, wanted: number): Promise<{ ef: number; recall: number }> {
  let low = K
  let high = LARGEST_EF
  while (low < high) {
    const middle = (low + high) >> 1
    if ((await recallOf(middle)) >= wanted) high = middle
    else low = middle + 1
  }
  return { ef: low, recall: await recallOf(low) }
}
