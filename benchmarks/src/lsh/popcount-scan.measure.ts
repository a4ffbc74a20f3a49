// The linear scan, one query over 4M codes of 256 bits, as a share of the memory's bandwidth.

import { ALL_QUERIES, readShares } from '../bandwidth.ts'
import { type Row, shown } from '../row.ts'
import { hashIndexHost, popcountScan } from './hash-index-peers.ts'

const CODES = 4_000_000
const BITS = 256

export async function measure(): Promise<Row[]> {
  const engine = await popcountScan()
  await engine.ask('fill', CODES, BITS, ALL_QUERIES)
  const id = 'popcount.scan'
  return readShares({
    id,
    what: '4M × 256 bits (128 MB)',
    bytes: (CODES * BITS) / 8,
    engine,
    scan: 0.82,
    async ours(threads) {
      const host = hashIndexHost(threads)
      await host.ask('uniform', CODES, BITS, ALL_QUERIES)
      const seconds = (await host.time('build', 'linear')) / 1000
      const rows = [shown(`${id}.${threads}-thread.build`, seconds, 's', 'build of the 4M codes from batches of 50 000, awaited')]
      return { host, words: ['linear'], rows }
    },
  })
}
