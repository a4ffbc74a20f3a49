// Complete search: always k neighbours. What an approximate search left out is looked for again, wider, and at last by a full scan.

import { throwIfAborted } from '../concurrency/abort.ts'
import { type Ready, whenReady } from '../concurrency/ready.ts'
import { TimeSlice } from '../concurrency/time-slice.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { pickRows } from '../vectors/private-copy.ts'
import type { VectorBatch } from '../vectors/vector-batch.ts'
import type { DenseRowsDriver, RowNeighbours, RowSearchOptions } from './dense-rows-driver.ts'

const ATTEMPTS = 8
/** Rows and queries of an answer that are checked without a look at the clock: some 20 µs. */
const SHORT = 1 << 12

/** Exactly `k` rows for each query, where `k` is at most the rows that may be found. `options` are those of the first attempt. @throws CbirError ADAPTER_FAULT */
export function completeSearch<S>(
  name: string,
  driver: DenseRowsDriver<S>,
  state: S,
  queries: VectorBatch,
  k: number,
  options: RowSearchOptions,
): Ready<RowNeighbours> {
  return whenReady(driver.search(state, queries, k, options), (answer) => {
    checkOffsets(name, answer, queries.count)
    return isComplete(answer.offsets, k) ? answer : widen(name, driver, state, queries, k, options, answer)
  })
}

function isComplete(offsets: Uint32Array, k: number): boolean {
  for (let i = 0; i < offsets.length; i++) if (offsets[i] !== i * k) return false
  return true
}

/** Searches again, wider and wider, for the queries of an answer that found too few. */
async function widen<S>(
  name: string,
  driver: DenseRowsDriver<S>,
  state: S,
  queries: VectorBatch,
  k: number,
  options: RowSearchOptions,
  answer: RowNeighbours,
): Promise<RowNeighbours> {
  const rows = new Uint32Array(queries.count * k)
  const distances = new Float32Array(queries.count * k)
  const offsets = Uint32Array.from({ length: queries.count + 1 }, (_, i) => i * k)
  const place = (from: RowNeighbours, i: number, query: number): void => {
    rows.set(from.rows.subarray(from.offsets[i], from.offsets[i + 1]), query * k)
    distances.set(from.distances.subarray(from.offsets[i], from.offsets[i + 1]), query * k)
  }
  let open: number[] = []
  const settle = (from: RowNeighbours, of: readonly number[]): void => {
    open = []
    of.forEach((query, i) => {
      if (from.offsets[i + 1]! - from.offsets[i]! === k) place(from, i, query)
      else open.push(query)
    })
  }
  settle(
    answer,
    Array.from({ length: queries.count }, (_, i) => i),
  )
  for (let attempt = 1; attempt <= ATTEMPTS && open.length > 0; attempt++) {
    throwIfAborted(options.signal)
    const scan = attempt === ATTEMPTS && driver.scan ? driver.scan : driver.search
    const again = await scan.call(driver, state, await pickRows(queries, open), k, { ...options, attempt })
    checkOffsets(name, again, open.length)
    settle(again, open)
  }
  if (open.length > 0) {
    throw new CbirError(
      'ADAPTER_FAULT',
      `${name} did not find exactly ${k} of the neighbours that there are, however wide it searched. This is a fault of the index, not of the query.`,
    )
  }
  return { rows, distances, offsets }
}

/** Checks that an answer holds together: offsets ascend and end at the length of rows and distances. @throws CbirError ADAPTER_FAULT */
export function checkOffsets(name: string, answer: RowNeighbours, queries: number): void {
  const { rows, distances, offsets } = answer
  let whole = offsets.length === queries + 1 && offsets[0] === 0 && offsets[queries] === rows.length && rows.length === distances.length
  for (let i = 0; whole && i < queries; i++) whole = offsets[i]! <= offsets[i + 1]!
  if (!whole) throw new CbirError('ADAPTER_FAULT', `${name} gave an answer whose offsets do not fit its ${rows.length} rows for ${queries} queries.`)
}

/** Checks, long answers in slices, that every row is live and allowed, and that distances ascend and are numbers. @throws CbirError ADAPTER_FAULT */
export function checkAnswer(name: string, answer: RowNeighbours, isAllowed: (row: number) => boolean): Ready<void> {
  const { rows, offsets } = answer
  if (rows.length + offsets.length > SHORT) return checkLongAnswer(name, answer, isAllowed)
  for (let i = 0; i + 1 < offsets.length; i++) checkHits(name, answer, isAllowed, offsets[i]!, offsets[i + 1]!, Number.NEGATIVE_INFINITY)
}

async function checkLongAnswer(name: string, answer: RowNeighbours, isAllowed: (row: number) => boolean): Promise<void> {
  const { distances, offsets } = answer
  const slice = new TimeSlice()
  let unwatched = 0
  for (let i = 0; i + 1 < offsets.length; i++) {
    const begin = offsets[i]!
    const end = offsets[i + 1]!
    for (let from = begin; from < end; from += SHORT) {
      const to = Math.min(end, from + SHORT)
      checkHits(name, answer, isAllowed, from, to, from === begin ? Number.NEGATIVE_INFINITY : distances[from - 1]!)
      unwatched += to - from
      if (unwatched < SHORT) continue
      unwatched = 0
      if (slice.due()) await slice.pause()
    }
  }
}

/** The hits in `from … to` of one query; `before` is the distance in front of them. */
function checkHits(
  name: string,
  { rows, distances }: RowNeighbours,
  isAllowed: (row: number) => boolean,
  from: number,
  to: number,
  before: number,
): void {
  let last = before
  for (let j = from; j < to; j++) {
    const now = distances[j]!
    if (!(now >= last)) throw new CbirError('ADAPTER_FAULT', `${name} gave the distance ${now} after ${last}; distances must be numbers and ascend.`)
    if (!isAllowed(rows[j]!)) throw new CbirError('ADAPTER_FAULT', `${name} gave row ${rows[j]}, which is not there or was not allowed.`)
    last = now
  }
}
