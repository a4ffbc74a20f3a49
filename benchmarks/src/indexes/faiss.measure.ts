// FAISS on the same files beside Python's faiss, with as many threads of OpenMP and OpenBLAS; and adding vectors.

import { alternate, medianRatio, ratio } from '../alternate.ts'
import { atMost, type Row, shown } from '../row.ts'
import { foundRecall } from './found-ids.ts'
import { DIMENSIONS, mnist, ROWS } from './mnist.ts'
import { faissFile, faissPeer, ours } from './peers.ts'
import { K, timeQueries, turnsOf } from './single-queries.ts'

const BATCH = 1000
const RECALL_QUERIES = 1000
const ONE = 1.05
const MANY = 1.1
const ADD = 1.3
const SETTINGS = [
  { factory: 'IVF1024,Flat', parameter: 'nprobe', value: 16, queries: 400, blocks: 20 },
  { factory: 'HNSW32', parameter: 'efSearch', value: 64, queries: 800, blocks: 20 },
  { factory: 'Flat', parameter: undefined, value: 0, queries: 16, blocks: 16 },
] as const

export async function measure(): Promise<Row[]> {
  const files = await mnist()
  const rows: Row[] = []
  for (const threads of [1, 2]) {
    for (const { factory, parameter, value, queries, blocks } of SETTINGS) {
      const file = await faissFile(files, factory)
      const [python, host] = [faissPeer(threads, threads), ours(threads)]
      await python.ask('load', file)
      await host.ask('import', 'faiss-index', file, '{}')
      const { addons } = await host.ask('addons')
      for (const peer of [python, host]) await peer.ask('queries', files.queries, DIMENSIONS)
      const tuning = parameter ? JSON.stringify({ [parameter]: value }) : ''
      const one = await timeQueries({ ours: { peer: host, setting: tuning }, python: { peer: python, setting: value } }, queries, blocks)
      const batch = await alternate({
        ours: () => host.time('batch', tuning, 0, BATCH, K),
        python: () => python.time('batch', value, 0, BATCH, K),
      })
      const what = `MNIST 60k × 784, one file ${factory}${parameter ? `, ${parameter} ${value}` : ''}, ${threads} thread(s) of OpenMP and of OpenBLAS, ${addons}`
      const id = `faiss.${factory}.${threads}-thread`
      rows.push(
        atMost(
          `${id}.one`,
          ratio(one.ours, one.python),
          ONE,
          '× its time',
          `${what}, ${turnsOf(queries, blocks)}: ours ${(one.ours.best / queries).toFixed(4)} ms, Python ${(one.python.best / queries).toFixed(4)} ms; ${medianRatio(one.ours, one.python)}`,
        ),
        atMost(
          `${id}.batch`,
          ratio(batch.ours, batch.python),
          MANY,
          '× its time',
          `${what}, best of 5 calls of ${BATCH} queries: ours ${batch.ours.best.toFixed(1)} ms, Python ${batch.python.best.toFixed(1)} ms; ${medianRatio(batch.ours, batch.python)}`,
        ),
      )
      if (threads === 1) {
        const [own, theirs] = [
          await foundRecall(K, (output) => host.ask('find', tuning, 0, RECALL_QUERIES, K, output, '')),
          await foundRecall(K, (output) => python.ask('find', value, 0, RECALL_QUERIES, K, output)),
        ]
        rows.push(shown(`faiss.${factory}.recall`, own, '', `recall@10 of ${RECALL_QUERIES} queries; Python: ${theirs.toFixed(4)}`))
      }
      await Promise.all([python.stop(), host.stop()])
    }
  }
  rows.push(await adding(files.base))
  return rows
}

/** The whole base into a new, empty Flat. */
async function adding(base: string): Promise<Row> {
  const threads = 2
  const [python, host] = [faissPeer(threads, threads), ours(threads)]
  for (const peer of [python, host]) await peer.ask('base', base, DIMENSIONS)
  const times = await alternate({
    ours: async () => {
      await host.ask('create', 'faiss-index', JSON.stringify({ factory: 'Flat' }))
      const ms = await host.time('build', ROWS)
      await host.ask('clear')
      return ms
    },
    python: () => python.time('add', 'Flat'),
  })
  await Promise.all([python.stop(), host.stop()])
  const how = `60k × 784 from a Float32Array into a new Flat, through build() with its checks and names; best of 5: ours ${times.ours.best.toFixed(0)} ms, Python ${times.python.best.toFixed(0)} ms; ${medianRatio(times.ours, times.python)}`
  return atMost('faiss.add', ratio(times.ours, times.python), ADD, '× its time', how)
}
