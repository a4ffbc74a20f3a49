// Flat, one query over 60 000 × 784, as a share of the bandwidth at which the machine reads that much memory in the same moments.

import { alternate, type Timing } from '../alternate.ts'
import { atLeast, type Row, shown } from '../row.ts'
import { median } from '../stats.ts'
import { DIMENSIONS, mnist, ROWS } from './mnist.ts'
import { ours, probe } from './peers.ts'

const K = 10
const QUERIES = 2
const BLOCKS = 20
const BYTES = ROWS * DIMENSIONS * 4

export async function measure(): Promise<Row[]> {
  const files = await mnist()
  const memory = await probe()
  await memory.ask('allocate', BYTES)
  const rows: Row[] = []
  for (const [threads, target] of [
    [1, 0.85],
    [2, 0.75],
  ] as const) {
    const host = ours(threads)
    await host.ask('base', files.base, DIMENSIONS)
    await host.ask('queries', files.queries, DIMENSIONS)
    await host.ask('create', 'flat-index', JSON.stringify({ metric: 'euclidean' }))
    await host.ask('build', ROWS)
    const times = await alternate(
      {
        ours: (block) => host.time('one', '', block * QUERIES, QUERIES, K),
        // A reading's time is for as many bytes as the base has.
        memory: async () => QUERIES * (await memory.time('read', threads, QUERIES)),
      },
      { blocks: BLOCKS },
    )
    await host.stop()
    const queries = QUERIES * BLOCKS
    const shares = times.memory.rounds.map((ms, round) => ms / times.ours.rounds[round]!)
    const how = `MNIST 60k × 784 (188 MB), euclidean, ${threads} thread(s), ${queries} queries, each awaited, in ${BLOCKS} turns with as many readings of as many bytes, each turn the best of 5; a query ${(times.ours.best / queries).toFixed(2)} ms, a reading ${(times.memory.best / queries).toFixed(2)} ms; median of the rounds' shares ${median(shares).toFixed(3)}`
    rows.push(atLeast(`flat.query.${threads}-thread.awaited`, share(times), target, 'of the bandwidth', how))
    rows.push(shown(`flat.query.${threads}-thread.bandwidth`, BYTES / (times.memory.best / queries) / 1e6, 'GB/s', 'read in the same loop'))
  }
  await memory.stop()
  return rows
}

function share({ ours: own, memory }: { readonly ours: Timing; readonly memory: Timing }): number {
  return memory.best / own.best
}
