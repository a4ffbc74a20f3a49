// Sides of a comparison, measured in turns, so that whatever else the machine does hits them alike.

import { median } from './stats.ts'

/** Does the block's part of the work and gives the milliseconds that it took. */
export type Side = (block: number) => Promise<number>

export interface Timing {
  /** Milliseconds of the whole work: of each block the fastest of its rounds. */
  readonly best: number
  /** Milliseconds of each round, the sum of its blocks. */
  readonly rounds: readonly number[]
}

export interface Turns {
  /** Repetitions of the whole work; of each block the best counts. */
  readonly rounds?: number | undefined
  /** Parts of the work, the same ones for every side; after each the other sides have their turn. */
  readonly blocks?: number | undefined
  /** Leaves out the round before the first, which is not counted and only warms up. */
  readonly cold?: boolean | undefined
}

/** Times every side over the same blocks. */
export async function alternate<K extends string>(sides: Readonly<Record<K, Side>>, turns: Turns = {}): Promise<Record<K, Timing>> {
  const { rounds = 5, blocks = 1, cold = false } = turns
  const names = Object.keys(sides) as K[]
  const times = new Map(names.map((name) => [name, Array.from({ length: rounds }, () => new Array<number>(blocks).fill(0))]))
  if (!cold) for (const name of names) await sides[name](0)
  for (let round = 0; round < rounds; round++) {
    for (let block = 0; block < blocks; block++) {
      // Nobody is always the one who finds the caches warm.
      const order = (round + block) % 2 === 0 ? names : [...names].reverse()
      for (const name of order) times.get(name)![round]![block] = await sides[name](block)
    }
  }
  return Object.fromEntries([...times].map(([name, table]) => [name, timing(table)])) as Record<K, Timing>
}

/** `table[round][block]`: milliseconds. */
function timing(table: readonly (readonly number[])[]): Timing {
  const best = table[0]!.map((_, block) => Math.min(...table.map((blocks) => blocks[block]!)))
  return { best: sum(best), rounds: table.map(sum) }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** Time of `a` over that of `b`, best against best. */
export function ratio(a: Timing, b: Timing): number {
  return a.best / b.best
}

/** What is printed beside a ratio: the median of the rounds' own ratios. */
export function medianRatio(a: Timing, b: Timing): string {
  return `median of the rounds' ratios ${median(a.rounds.map((ms, round) => ms / b.rounds[round]!)).toFixed(3)}`
}
