// Sides of a comparison, measured in turns, so that whatever else the machine does hits them alike.

import { median } from './stats.ts'

/** Does the block's part of the work and gives the milliseconds that it took. */
export type Side = (block: number) => Promise<number>

export interface Timing {
  /** Milliseconds of the fastest round. */
  readonly best: number
  /** Milliseconds of each round: the sum of its blocks. */
  readonly rounds: readonly number[]
}

export interface Turns {
  /** Repetitions of the whole work; the best counts. */
  readonly rounds?: number | undefined
  /** Parts of the work; after each the other sides have their turn. */
  readonly blocks?: number | undefined
  /** Leaves out the round before the first, which is not counted and only warms up. */
  readonly cold?: boolean | undefined
}

/** Times every side over the same blocks. */
export async function alternate<K extends string>(sides: Readonly<Record<K, Side>>, turns: Turns = {}): Promise<Record<K, Timing>> {
  const { rounds = 5, blocks = 1, cold = false } = turns
  const names = Object.keys(sides) as K[]
  const times = Object.fromEntries(names.map((name) => [name, new Array<number>(rounds).fill(0)])) as Record<K, number[]>
  if (!cold) for (const name of names) await sides[name](0)
  for (let round = 0; round < rounds; round++) {
    for (let block = 0; block < blocks; block++) {
      // Nobody is always the one who finds the caches warm.
      const order = (round + block) % 2 === 0 ? names : [...names].reverse()
      for (const name of order) times[name][round]! += await sides[name](block)
    }
  }
  const timings = Object.fromEntries(names.map((name): [string, Timing] => [name, { best: Math.min(...times[name]), rounds: times[name] }]))
  return timings as Record<K, Timing>
}

/** Time of `a` over that of `b`, best against best. */
export function ratio(a: Timing, b: Timing): number {
  return a.best / b.best
}

/** What is printed beside a ratio: the median of the rounds' own ratios. */
export function medianRatio(a: Timing, b: Timing): string {
  return `median of the rounds' ratios ${median(a.rounds.map((ms, round) => ms / b.rounds[round]!)).toFixed(3)}`
}
