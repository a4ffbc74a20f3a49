// What core costs above a driver: the same driver called directly and through the public methods of an index, interleaved.

import type { Items } from '@cbir/core'
import { type DenseRowsDriver, defineNearestNeighborsIndex, type RowNeighbours } from '@cbir/core/define'
import { atMost, type Row, shown } from '../row.ts'
import { median } from '../stats.ts'

const ROWS = 60_000
const DIMENSIONS = 784
const K = 10
const BATCH = 10_000
const QUERIES = 4000
const ROUNDS = 7

interface Rows {
  readonly data: Float32Array
  used: number
}

/** Memory that every state uses again: what page faults of a fresh one cost is the driver's, not core's. */
const warm = new Float32Array(ROWS * DIMENSIONS).fill(1)

/** A driver that costs next to nothing: `append` is one copy, `search` gives an answer that was made before. */
function nullDriver(): DenseRowsDriver<Rows> {
  const answers = new Map([1, BATCH].map((queries) => [queries, answerFor(queries)]))
  return {
    exact: true,
    open: () => ({ data: warm, used: 0 }),
    append(state, { data }) {
      state.data.set(data, state.used)
      state.used += data.length
    },
    free: () => {},
    search: (_, { count }) => answers.get(count)!,
  }
}

function answerFor(queries: number): RowNeighbours {
  return {
    rows: Uint32Array.from({ length: queries * K }, (_, i) => 1 + ((i * 7919) % (ROWS - 1))),
    distances: Float32Array.from({ length: queries * K }, (_, i) => i % K),
    offsets: Uint32Array.from({ length: queries + 1 }, (_, i) => i * K),
  }
}

export async function measure(): Promise<Row[]> {
  const data = Float32Array.from({ length: ROWS * DIMENSIONS }, (_, i) => (i * 31) % 255)
  const uids = Array.from({ length: ROWS }, (_, i) => String(i))
  const items: Items = { uids, vectors: { data, count: ROWS, dimensions: DIMENSIONS } }
  return [...(await ingest(items)), ...(await queries(items))]
}

/** `build` of everything, in one batch and in batches of 1000, beside the copies that the driver makes itself. */
async function ingest(items: Items): Promise<Row[]> {
  const driver = nullDriver()
  const state = await driver.open(DIMENSIONS)
  const small = Array.from({ length: ROWS / 1000 }, (_, i) => cut(items, i * 1000, 1000))
  const samples: Record<'driver' | 'one' | 'small', number[]> = { driver: [], one: [], small: [] }
  for (let round = 0; round < ROUNDS; round++) {
    state.used = 0
    samples.driver.push(await milliseconds(async () => driver.append(state, items.vectors, { uids: items.uids })))
    for (const [name, source] of [['one', [items]] as const, ['small', small] as const]) {
      const index = defineNearestNeighborsIndex('null', driver)
      samples[name].push(await milliseconds(() => index.build(source)))
      await index.dispose()
    }
  }
  const [plain, one, batches] = [samples.driver, samples.one, samples.small].map((of) => Math.min(...of)) as [number, number, number]
  const how = `${ROWS} × ${DIMENSIONS} of one Float32Array, best of ${ROUNDS} interleaved; one copy into warm memory alone: ${plain.toFixed(1)} ms`
  return [
    atMost('core-overhead.build', one / plain, 6, '×', `build, one batch, to the driver alone; ${how}`),
    shown('core-overhead.build.time', one - plain, 'ms', `what core adds to it; ${how}`),
    atMost('core-overhead.build-1000', batches / plain, 6, '×', `build, batches of 1000, to the driver alone; ${how}`),
    shown('core-overhead.build-1000.time', batches - plain, 'ms', `what core adds to it; ${how}`),
  ]
}

/** One awaited query after another, plain, filtered and with holes; and one batch. */
async function queries(items: Items): Promise<Row[]> {
  const driver = nullDriver()
  const index = defineNearestNeighborsIndex('null', driver)
  await index.build([items])
  const holed = defineNearestNeighborsIndex('null', driver)
  await holed.build([items])
  await holed.remove(items.uids.filter((_, row) => row % 100 === 0 && !isAnswer(row)))
  const filter = await index.compileFilter(() => true)
  const query = { data: items.vectors.data.slice(0, DIMENSIONS), count: 1, dimensions: DIMENSIONS }
  const batch = cut(items, 0, BATCH).vectors
  const state = await driver.open(DIMENSIONS)

  const asked: Record<string, () => Promise<number>> = {
    driver: () => microseconds(async () => driver.search(state, query, K, { tuning: {}, attempt: 0 })),
    one: () => microseconds(() => index.nearest(query, K)),
    filter: () => microseconds(() => index.nearest(query, K, { filter })),
    holes: () => microseconds(() => holed.nearest(query, K)),
    batch: () => milliseconds(() => index.nearest(batch, K)),
    'batch-copy': async () => milliseconds(async () => batch.data.slice()),
  }
  const samples = Object.fromEntries(Object.keys(asked).map((name) => [name, [] as number[]]))
  for (const ask of Object.values(asked)) await ask() // the first calls are those of a compiler at work
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, ask] of Object.entries(asked)) samples[name]!.push(await ask())
  }
  const of = (name: string): number => median(samples[name]!)
  const how = `${DIMENSIONS} dimensions, k ${K}, one awaited after another, median of ${ROUNDS} × ${QUERIES}; the driver alone, awaited: ${of('driver').toFixed(2)} µs`
  return [
    atMost('core-overhead.query', of('one') - of('driver'), 5, 'µs', `nearest of one query; ${how}`),
    atMost('core-overhead.query.filter', of('filter') - of('driver'), 5, 'µs', `with a compiled filter; ${how}`),
    atMost('core-overhead.query.holes', of('holes') - of('driver'), 5, 'µs', `1 % of the rows removed; ${how}`),
    shown(
      'core-overhead.batch',
      of('batch'),
      'ms',
      `nearest of ${BATCH} queries; copying them to fresh memory alone: ${of('batch-copy').toFixed(1)} ms`,
    ),
  ]
}

/** Rows that the null driver gives as answers must stay. */
function isAnswer(row: number): boolean {
  return answerFor(1).rows.includes(row)
}

function cut({ uids, vectors }: Items, from: number, count: number): Items {
  const data = vectors.data.subarray(from * DIMENSIONS, (from + count) * DIMENSIONS)
  return { uids: uids.slice(from, from + count), vectors: { data, count, dimensions: DIMENSIONS } }
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

async function microseconds(ask: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  for (let i = 0; i < QUERIES; i++) await ask()
  return ((performance.now() - began) * 1000) / QUERIES
}
