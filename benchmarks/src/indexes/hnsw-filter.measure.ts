// HNSW with filters that pass half, a tenth and a hundredth of the rows.

import { alternate } from '../alternate.ts'
import { atLeast, atMost, type Row, shown } from '../row.ts'
import { foundIds } from './found-ids.ts'
import { DIMENSIONS, mnist } from './mnist.ts'
import { hnswGraph, hnswlibPeer, ours } from './peers.ts'

const K = 10
const EF = 40
const QUERIES = 200
const COMPARED = 1000

export async function measure(): Promise<Row[]> {
  const files = await mnist()
  const graph = await hnswGraph(files)
  const [host, exact] = [ours(), ours()]
  await host.ask('import', 'hnsw-index', graph, JSON.stringify({ metric: 'euclidean' }))
  await exact.ask('base', files.base, DIMENSIONS)
  await exact.ask('create', 'flat-index', JSON.stringify({ metric: 'euclidean' }))
  await exact.ask('build', 60_000)
  const cpp = await hnswlibPeer()
  await cpp.ask('load', graph, DIMENSIONS)
  for (const peer of [host, exact, cpp]) await peer.ask('queries', files.queries, DIMENSIONS)

  const tuning = JSON.stringify({ efSearch: EF })
  const rows: Row[] = []
  for (const step of [2, 10, 100]) {
    const share = `${100 / step}%`
    await Promise.all([host.ask('filter', step), exact.ask('filter', step)])
    const bare = (await host.time('filtered', tuning, 0, 5, K, 'bare')) / 5
    let fewest = K
    const times = await alternate({
      ours: async () => {
        const answer = await host.ask('filtered', tuning, 0, QUERIES, K, 'compiled')
        fewest = Math.min(fewest, Number(answer['fewest']))
        return Number(answer['ms'])
      },
    })
    const found = await foundIds((output) => host.ask('find', tuning, 0, COMPARED, K, output, 'filtered'))
    const true_ = await foundIds((output) => exact.ask('find', '', 0, COMPARED, K, output, 'filtered'))
    const cppFound = await foundIds((output) => cpp.ask('find', EF, 0, COMPARED, K, output, step))
    const how = `MNIST 60k × 784, ef ${EF}, a filter that passes ${share} of the rows, compiled once; best of 5 rounds of ${QUERIES} queries, each awaited`
    rows.push(
      atLeast(`hnsw.filter.${share}.neighbours`, fewest, K, 'of 10', `${how}; the fewest of any query`),
      step === 100
        ? atLeast(`hnsw.filter.${share}.recall`, overlap(found, true_), 1, '', `against the exact answer of flat-index, ${COMPARED} queries`)
        : shown(
            `hnsw.filter.${share}.recall`,
            overlap(found, true_),
            '',
            `against the exact answer of flat-index, ${COMPARED} queries; hnswlib in C++ with the same filter: ${overlap(cppFound, true_).toFixed(4)}`,
          ),
      step === 100
        ? atMost(`hnsw.filter.${share}.query`, times.ours.best / QUERIES, 1, 'ms', how)
        : shown(`hnsw.filter.${share}.query`, times.ours.best / QUERIES, 'ms', how),
      shown(`hnsw.filter.${share}.bare-predicate`, bare, 'ms', `${how.replace('compiled once', 'a new predicate each call')}`),
    )
  }
  await Promise.all([host, exact, cpp].map((peer) => peer.stop()))
  return rows
}

/** Share of the second's ids that are in the first, query by query. */
function overlap(found: Int32Array, truth: Int32Array): number {
  let hits = 0
  for (let from = 0; from < truth.length; from += K) {
    const wanted = new Set(truth.subarray(from, from + K))
    for (const id of found.subarray(from, from + K)) if (wanted.delete(id)) hits++
  }
  return hits / truth.length
}
