// Flat, one query over 60 000 × 784, as a share of the bandwidth at which the machine reads that much memory in the same moments.

import { alternate, medianRatio, ratio, type Timing } from '../alternate.ts'
import { atLeast, type Row, shown } from '../row.ts'
import { DIMENSIONS, mnist, ROWS } from './mnist.ts'
import { flatScan, ours, probe } from './peers.ts'

const K = 10
const QUERIES = 2
const BLOCKS = 20
const BYTES = ROWS * DIMENSIONS * 4

export async function measure(): Promise<Row[]> {
  const files = await mnist()
  const memory = await probe()
  await memory.ask('allocate', BYTES)
  const engine = await flatScan()
  await engine.ask('base', files.base, DIMENSIONS)
  await engine.ask('queries', files.queries)
  const rows: Row[] = []
  for (const { threads, awaited } of [
    { threads: 1, awaited: 0.85 },
    { threads: 2, awaited: 0.75 },
  ]) {
    const host = ours(threads)
    await host.ask('base', files.base, DIMENSIONS)
    await host.ask('queries', files.queries, DIMENSIONS)
    await host.ask('create', 'flat-index', JSON.stringify({ metric: 'euclidean' }))
    await host.ask('build', ROWS)
    const times = await alternate(
      {
        ours: (block) => host.time('one', '', block * QUERIES, QUERIES, K),
        scan: (block) => engine.time('one', threads, block * QUERIES, QUERIES, K),
        // A reading's time is for as many bytes as the base has.
        memory: async () => QUERIES * (await memory.time('read', threads, QUERIES)),
      },
      { blocks: BLOCKS },
    )
    await host.stop()
    const queries = QUERIES * BLOCKS
    const each = ({ best }: Timing): string => (best / queries).toFixed(2)
    const how = `MNIST 60k × 784 (188 MB), euclidean, ${threads} thread(s), ${queries} queries in ${BLOCKS} turns with as many readings of as many bytes, each turn the best of 5; a reading ${each(times.memory)} ms, a query awaited ${each(times.ours)} ms, its scan alone ${each(times.scan)} ms`
    rows.push(
      atLeast(
        `flat.query.${threads}-thread`,
        ratio(times.memory, times.scan),
        0.85,
        'of the bandwidth',
        `${how}; the scan alone: the engine's sources without Node; ${medianRatio(times.memory, times.scan)}`,
      ),
      atLeast(
        `flat.query.${threads}-thread.awaited`,
        ratio(times.memory, times.ours),
        awaited,
        'of the bandwidth',
        `${how}; ${medianRatio(times.memory, times.ours)}`,
      ),
      shown(`flat.query.${threads}-thread.bandwidth`, BYTES / (times.memory.best / queries) / 1e6, 'GB/s', 'read in the same loop'),
    )
  }
  await Promise.all([memory.stop(), engine.stop()])
  return rows
}
