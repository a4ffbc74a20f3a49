// Short queries: run on the calling thread while the turn's budget lasts, because waking another thread costs as much as they do (30–90 µs). What
// comes beyond waits for the next turn; what does not fit there either is joined into one batch for the pool.

import type { VectorBatch } from '@cbir/core'
import { type RowNeighbours, type RowSearchOptions, throwIfAborted } from '@cbir/core/define'
import { fitsInTurn, inNextTurn, spendInTurn } from './turn-budget.ts'

/** Longest call, in milliseconds, that runs on the calling thread. */
const SHORT_MS = 1
/** How much a new duration counts against those before. */
const LEARNING = 0.1

/** What the expectation falls by with each call that it sends to the pool: where it was too high, as on a machine that was busy, it must be tried again. */
const DOUBT = 0.002

/** Vectors or bit codes: each of the `count` queries takes the same share of `data`. */
export interface QueryBatch {
  readonly data: Float32Array | Uint8Array
  readonly count: number
}

/** How a driver answers queries: `now` on the calling thread, `later` on the pool. `later` gets no signal where queries were joined. */
export interface QueryWork<S, Q extends QueryBatch = VectorBatch> {
  now(state: S, queries: Q, k: number, options: RowSearchOptions): RowNeighbours
  later(state: S, queries: Q, k: number, options: RowSearchOptions): Promise<RowNeighbours>
}

interface Waiting<S, Q> {
  readonly state: S
  readonly queries: Q
  readonly k: number
  readonly options: RowSearchOptions
  readonly units: number
  readonly resolve: (answer: RowNeighbours) => void
  readonly reject: (reason: unknown) => void
}

/**
 * The way of a driver's `search`: decides where it runs. How long a query takes is learned: each names its amount of work in a unit of the driver's
 * choice (e.g. `efSearch` × queries), and the milliseconds a unit takes are a running mean.
 */
export class ShortQueries<S, Q extends QueryBatch = VectorBatch> {
  private readonly work: QueryWork<S, Q>
  private perUnit: number
  private waiting: Waiting<S, Q>[] = []

  /** `perUnit`: milliseconds that a unit of work takes, as a first guess. */
  constructor(work: QueryWork<S, Q>, perUnit: number) {
    this.work = work
    this.perUnit = perUnit
  }

  /** A value where it ran at once, else a promise. `units`: the work of all these queries together. */
  search(state: S, queries: Q, k: number, options: RowSearchOptions, units: number): RowNeighbours | Promise<RowNeighbours> {
    const expected = units * this.perUnit
    if (expected > SHORT_MS) {
      this.perUnit *= 1 - DOUBT
      return this.work.later(state, queries, k, options)
    }
    if (this.waiting.length === 0 && fitsInTurn(expected)) return this.runNow(state, queries, k, options, units)
    return new Promise((resolve, reject) => {
      if (this.waiting.length === 0) inNextTurn(() => this.serveWaiting())
      this.waiting.push({ state, queries, k, options, units, resolve, reject })
    })
  }

  private runNow(state: S, queries: Q, k: number, options: RowSearchOptions, units: number): RowNeighbours {
    const began = performance.now()
    try {
      return this.work.now(state, queries, k, options)
    } finally {
      const took = performance.now() - began
      spendInTurn(took)
      // A pause of the machine is no measure: one duration counts as four usual ones at most.
      if (units > 0) this.perUnit += LEARNING * (Math.min(took / units, 4 * this.perUnit) - this.perUnit)
    }
  }

  private serveWaiting(): void {
    const calls = this.waiting
    this.waiting = []
    let at = 0
    for (; at < calls.length; at++) {
      const { state, queries, k, options, units, resolve, reject } = calls[at]!
      if (!fitsInTurn(units * this.perUnit)) break
      try {
        throwIfAborted(options.signal)
        resolve(this.runNow(state, queries, k, options, units))
      } catch (error) {
        reject(error)
      }
    }
    for (const group of groupAlike(calls.slice(at))) void this.runJoined(group)
  }

  private async runJoined(calls: readonly Waiting<S, Q>[]): Promise<void> {
    const { state, queries, k, options } = calls[0]!
    try {
      if (calls.length === 1) {
        calls[0]!.resolve(await this.work.later(state, queries, k, options))
        return
      }
      const { allow, tuning, attempt } = options
      const answer = await this.work.later(state, joinQueries(calls), k, { allow, tuning, attempt })
      let query = 0
      for (const call of calls) {
        call.resolve(part(answer, query, query + call.queries.count))
        query += call.queries.count
      }
    } catch (error) {
      for (const { reject } of calls) reject(error)
    }
  }
}

/** Calls that one batch can answer: of the same state, k, filter and parameters. */
function groupAlike<S, Q>(calls: readonly Waiting<S, Q>[]): Waiting<S, Q>[][] {
  const groups: Waiting<S, Q>[][] = []
  for (const call of calls) {
    const group = groups.find(([first]) => isAlike(first!, call))
    if (group) group.push(call)
    else groups.push([call])
  }
  return groups
}

function isAlike<S, Q>(a: Waiting<S, Q>, b: Waiting<S, Q>): boolean {
  if (a.state !== b.state || a.k !== b.k || a.options.allow !== b.options.allow || a.options.attempt !== b.options.attempt) return false
  const one = Object.entries(a.options.tuning)
  return one.length === Object.keys(b.options.tuning).length && one.every(([name, value]) => b.options.tuning[name] === value)
}

function joinQueries<S, Q extends QueryBatch>(calls: readonly Waiting<S, Q>[]): Q {
  const { queries: first } = calls[0]!
  const width = first.data.length / first.count
  const count = calls.reduce((sum, call) => sum + call.queries.count, 0)
  const data = first.data instanceof Float32Array ? new Float32Array(count * width) : new Uint8Array(count * width)
  let at = 0
  for (const { queries } of calls) {
    data.set(queries.data, at)
    at += queries.count * width
  }
  return { ...first, data, count }
}

/** The neighbours of queries `from … to - 1`. */
function part({ rows, distances, offsets }: RowNeighbours, from: number, to: number): RowNeighbours {
  const begin = offsets[from]!
  const end = offsets[to]!
  return {
    rows: rows.slice(begin, end),
    distances: distances.slice(begin, end),
    offsets: offsets.slice(from, to + 1).map((offset) => offset - begin),
  }
}
