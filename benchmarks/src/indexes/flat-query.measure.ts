// Flat, one query over 60 000 × 784, as a share of the memory's bandwidth.

import { readShares } from '../bandwidth.ts'
import type { Row } from '../row.ts'
import { DIMENSIONS, mnist, ROWS } from './mnist.ts'
import { flatScan, ours } from './peers.ts'

export async function measure(): Promise<Row[]> {
  const files = await mnist()
  const engine = await flatScan()
  await engine.ask('base', files.base, DIMENSIONS)
  await engine.ask('queries', files.queries)
  return readShares({
    id: 'flat.query',
    what: 'MNIST 60k × 784 (188 MB), euclidean',
    bytes: ROWS * DIMENSIONS * 4,
    engine,
    scan: 0.85,
    awaited: [0.85, 0.75],
    async ours(threads) {
      const host = ours(threads)
      await host.ask('base', files.base, DIMENSIONS)
      await host.ask('queries', files.queries, DIMENSIONS)
      await host.ask('create', 'flat-index', JSON.stringify({ metric: 'euclidean' }))
      await host.ask('build', ROWS)
      return { host, words: [''] }
    },
  })
}
