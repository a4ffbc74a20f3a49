// The event loop while an index is built and while it answers 10 000 queries in one call, beside an idle control in the same run.

import { setTimeout as delay } from 'node:timers/promises'
import type { Items } from '@cbir/core'
import { delaysDuring } from '../loop-delay.ts'
import { atMost, type Row } from '../row.ts'
import { adapterOf, type Config } from './adapters.ts'
import { readFloats } from './float-files.ts'
import { DIMENSIONS, mnist, QUERIES } from './mnist.ts'

const ROWS = 20_000
const SOURCE_ROWS = 1000
const K = 10
/** Work is done again until so many milliseconds have passed: a percentile of few samples is their largest. */
const LEAST = 3000
const INDEXES: readonly (readonly [name: string, adapter: string, config: Config])[] = [
  ['flat-index', 'flat-index', {}],
  ['flat-index-int8', 'flat-index', { storage: 'int8' }],
  ['hnsw-index', 'hnsw-index', {}],
  ['hnsw-index-int8', 'hnsw-index', { codes: 'int8' }],
  ['faiss-index-ivf', 'faiss-index', { factory: 'IVF256,Flat' }],
  ['faiss-index-hnsw', 'faiss-index', { factory: 'HNSW32' }],
  ['annoy-index', 'annoy-index', {}],
]

export async function measure(): Promise<Row[]> {
  const files = await mnist()
  const base = readFloats(files.base)
  const queries = { data: readFloats(files.queries), count: QUERIES, dimensions: DIMENSIONS }
  function* source(): Generator<Items> {
    for (let from = 0; from < ROWS; from += SOURCE_ROWS) {
      const data = base.subarray(from * DIMENSIONS, (from + SOURCE_ROWS) * DIMENSIONS)
      yield { uids: Array.from({ length: SOURCE_ROWS }, (_, i) => String(from + i)), vectors: { data, count: SOURCE_ROWS, dimensions: DIMENSIONS } }
    }
  }
  const rows: Row[] = []
  for (const [title, adapter, config] of INDEXES) {
    const index = await adapterOf(adapter).create(config)
    const works = [
      { name: 'build', work: () => index.build(source()) },
      { name: 'batch', work: () => index.nearest(queries, K) },
    ]
    for (const { name, work } of works) {
      const idle = await delaysDuring(() => delay(3000))
      const began = performance.now()
      let times = 0
      const busy = await delaysDuring(async () => {
        for (; times === 0 || performance.now() - began < LEAST; times++) await work()
      })
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      const what = name === 'build' ? `a build of ${ROWS} × ${DIMENSIONS}` : `a batch of ${QUERIES} queries`
      const how = `${title}, ${what}, ${times} time(s) in ${seconds} s, delay at 1 ms resolution; idle control of 3 s before it: p99 ${idle.p99.toFixed(1)} ms, max ${idle.max.toFixed(1)} ms`
      rows.push(
        atMost(`event-loop.${title}.${name}.p99`, busy.p99, idle.p99 + 5, 'ms', how),
        atMost(`event-loop.${title}.${name}.max`, busy.max, 50, 'ms', how),
      )
    }
    await index.dispose()
  }
  return rows
}
