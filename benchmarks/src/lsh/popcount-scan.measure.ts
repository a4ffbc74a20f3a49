// The linear scan, one query over 4M codes of 256 bits, as a share of the bandwidth at which the machine reads that much memory in the same moments.

import { alternate, medianRatio, ratio, type Timing } from '../alternate.ts'
import { probe } from '../indexes/peers.ts'
import { atLeast, type Row, shown } from '../row.ts'
import { hashIndexHost, popcountScan } from './hash-index-peers.ts'

const CODES = 4_000_000
const BITS = 256
const K = 10
const QUERIES = 2
const BLOCKS = 20
const BYTES = (CODES * BITS) / 8

export async function measure(): Promise<Row[]> {
  const memory = await probe()
  await memory.ask('allocate', BYTES)
  const engine = await popcountScan()
  await engine.ask('fill', CODES, BITS, QUERIES * BLOCKS)
  const rows: Row[] = []
  for (const threads of [1, 2]) {
    const host = hashIndexHost(threads)
    await host.ask('uniform', CODES, BITS, QUERIES * BLOCKS)
    const built = await host.time('build', 'linear')
    const times = await alternate(
      {
        ours: (block) => host.time('one', 'linear', block * QUERIES, QUERIES, K),
        scan: (block) => engine.time('one', threads, block * QUERIES, QUERIES, K),
        // A reading's time is for as many bytes as the codes have.
        memory: async () => QUERIES * (await memory.time('read', threads, QUERIES)),
      },
      { blocks: BLOCKS },
    )
    await host.stop()
    const queries = QUERIES * BLOCKS
    const each = ({ best }: Timing): string => (best / queries).toFixed(2)
    const how = `4M × 256 bits (128 MB), top 10, ${threads} thread(s), ${queries} queries in ${BLOCKS} turns with as many readings of as many bytes, each turn the best of 5; a reading ${each(times.memory)} ms, a query awaited ${each(times.ours)} ms, its scan alone ${each(times.scan)} ms`
    rows.push(
      atLeast(
        `popcount.scan.${threads}-thread`,
        ratio(times.memory, times.scan),
        0.82,
        'of the bandwidth',
        `${how}; the scan alone: the engine's sources without Node; ${medianRatio(times.memory, times.scan)}`,
      ),
      shown(
        `popcount.scan.${threads}-thread.awaited`,
        ratio(times.memory, times.ours),
        'of the bandwidth',
        `${how}; ${medianRatio(times.memory, times.ours)}`,
      ),
      shown(`popcount.scan.${threads}-thread.bandwidth`, BYTES / (times.memory.best / queries) / 1e6, 'GB/s', 'read in the same loop'),
      shown(`popcount.scan.${threads}-thread.build`, built / 1000, 's', 'build of the 4M codes from batches of 50 000, awaited'),
    )
  }
  await Promise.all([memory.stop(), engine.stop()])
  return rows
}
