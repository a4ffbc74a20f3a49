// One query after the other, each awaited: timed for several sides in turns.

import { alternate, type Timing } from '../alternate.ts'
import type { Peer } from '../peer.ts'

/** Neighbours that every query asks for. */
export const K = 10

/** A side, and the word that it is told how to search by: a number for the peers, JSON for ours. */
export interface Asked {
  readonly peer: Peer
  readonly setting: string | number
}

/** Times the same `queries` queries for every side, in `blocks` turns: short ones, so that a quiet moment covers one. */
export function timeQueries<N extends string>(sides: Readonly<Record<N, Asked>>, queries: number, blocks: number): Promise<Record<N, Timing>> {
  const size = queries / blocks
  const timed = Object.fromEntries(
    (Object.entries(sides) as [N, Asked][]).map(([name, { peer, setting }]) => [
      name,
      (block: number) => peer.time('one', setting, block * size, size, K),
    ]),
  ) as Record<N, (block: number) => Promise<number>>
  return alternate(timed, { blocks })
}

/** What `timeQueries` did, for the explanation of a row. */
export function turnsOf(queries: number, blocks: number): string {
  return `${queries} queries, each awaited, in ${blocks} turns, each the best of 5`
}
