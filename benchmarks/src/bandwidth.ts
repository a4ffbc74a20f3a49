// A query that reads all of an index, as a share of the bandwidth at which the machine reads that much memory in the same moments.

import { alternate, medianRatio, ratio, type Timing } from './alternate.ts'
import { probe } from './indexes/peers.ts'
import type { Peer } from './peer.ts'
import { atLeast, type Row, shown } from './row.ts'

const K = 10
const QUERIES = 2
const BLOCKS = 20
/** Queries that are asked; both sides must have so many. */
export const ALL_QUERIES: number = QUERIES * BLOCKS

export interface BuiltIndex {
  /** It is stopped here. */
  readonly host: Peer
  /** The words of a request between its name and the queries. */
  readonly words: readonly string[]
  /** What the build itself has to show. */
  readonly rows?: readonly Row[] | undefined
}

export interface ReadScan {
  /** Begins the ids of the rows. */
  readonly id: string
  /** What is read, in words. */
  readonly what: string
  readonly bytes: number
  /** The scan without Node, filled: answers `one` with threads, from, count, k. It is stopped here. */
  readonly engine: Peer
  /** Our index in a process of its own with so many threads, built. */
  ours(threads: number): Promise<BuiltIndex>
  /** Shares of the bandwidth that are wanted. */
  readonly scan: number
  readonly awaited?: readonly [oneThread: number, twoThreads: number] | undefined
}

export async function readShares({ id, what, bytes, engine, ours, scan, awaited }: ReadScan): Promise<Row[]> {
  const memory = await probe()
  await memory.ask('allocate', bytes)
  const rows: Row[] = []
  for (const threads of [1, 2] as const) {
    const { host, words, rows: built = [] } = await ours(threads)
    const times = await alternate(
      {
        ours: (block) => host.time('one', ...words, block * QUERIES, QUERIES, K),
        scan: (block) => engine.time('one', threads, block * QUERIES, QUERIES, K),
        // A reading's time is for as many bytes as the index has.
        memory: async () => QUERIES * (await memory.time('read', threads, QUERIES)),
      },
      { blocks: BLOCKS },
    )
    await host.stop()
    const each = ({ best }: Timing): string => (best / ALL_QUERIES).toFixed(2)
    const how = `${what}, top ${K}, ${threads} thread(s), ${ALL_QUERIES} queries in ${BLOCKS} turns with as many readings of as many bytes, each turn the best of 5; a reading ${each(times.memory)} ms, a query awaited ${each(times.ours)} ms, its scan alone ${each(times.scan)} ms`
    const share = (side: Timing): readonly [value: number, how: string] => [ratio(times.memory, side), medianRatio(times.memory, side)]
    const [alone, medianAlone] = share(times.scan)
    const [whole, medianWhole] = share(times.ours)
    const of = 'of the bandwidth'
    rows.push(atLeast(`${id}.${threads}-thread`, alone, scan, of, `${how}; the scan alone: the engine's sources without Node; ${medianAlone}`))
    const row = [`${id}.${threads}-thread.awaited`, whole] as const
    rows.push(awaited ? atLeast(...row, awaited[threads - 1]!, of, `${how}; ${medianWhole}`) : shown(...row, of, `${how}; ${medianWhole}`))
    rows.push(shown(`${id}.${threads}-thread.bandwidth`, bytes / (times.memory.best / ALL_QUERIES) / 1e6, 'GB/s', 'read in the same loop'), ...built)
  }
  await Promise.all([memory.stop(), engine.stop()])
  return rows
}
