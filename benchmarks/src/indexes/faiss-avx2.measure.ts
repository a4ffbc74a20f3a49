// FAISS compiled for AVX2 (the release build) beside Python's faiss from Debian, which is compiled for every x86-64.

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { medianRatio, ratio } from '../alternate.ts'
import { atLeast, type Row, shown } from '../row.ts'
import { DIMENSIONS, mnist } from './mnist.ts'
import { faissFile, faissPeer, ours } from './peers.ts'
import { timeQueries, turnsOf } from './single-queries.ts'

const BLOCKS = 16
const SETTINGS = [
  { factory: 'Flat', value: 0, tuning: '', queries: 16, target: 3 },
  { factory: 'HNSW32', value: 64, tuning: JSON.stringify({ efSearch: 64 }), queries: 640, target: undefined },
]

export async function measure(): Promise<Row[]> {
  const root = dirname(createRequire(import.meta.url).resolve('@cbir/faiss-index/package.json'))
  if (!existsSync(join(root, 'avx2', 'prebuilds'))) {
    const how = 'the release build is not there: node packages/faiss-index/scripts/build-faiss.mjs avx2'
    return [{ id: 'faiss-avx2.Flat', value: 'not built', unit: '', target: '≥ 3', ok: false, how }]
  }
  const files = await mnist()
  const rows: Row[] = []
  for (const { factory, value, tuning, queries, target } of SETTINGS) {
    const file = await faissFile(files, factory)
    const [python, host] = [faissPeer(1, 1), ours(1)]
    await python.ask('load', file)
    await host.ask('import', 'faiss-index', file, '{}')
    const { addons } = await host.ask('addons')
    for (const peer of [python, host]) await peer.ask('queries', files.queries, DIMENSIONS)
    const times = await timeQueries({ ours: { peer: host, setting: tuning }, python: { peer: python, setting: value } }, queries, BLOCKS)
    await Promise.all([python.stop(), host.stop()])
    const how = `MNIST 60k × 784, one file ${factory}, one thread, ${turnsOf(queries, BLOCKS)}: ours (${addons}) ${(times.ours.best / queries).toFixed(3)} ms, Debian's ${(times.python.best / queries).toFixed(3)} ms; ${medianRatio(times.python, times.ours)}`
    const factor = ratio(times.python, times.ours)
    rows.push(target ? atLeast(`faiss-avx2.${factory}`, factor, target, '× faster', how) : shown(`faiss-avx2.${factory}`, factor, '× faster', how))
  }
  return rows
}
