// plainEngine: the computations of the LSH index in TypeScript, for platforms without a binary. Slow work gives the event loop its turns.

import { type BitBatch, type CallOptions, type CoordinateSum, METRICS, type Metric, type VectorBatch } from '@cbir/core'
import { inSlices, type RowBitmap, type RowNeighbours, TimeSlice, throwIfAborted } from '@cbir/core/define'
import type { Candidates, CodeView, RerankEngine, VectorRows } from './rerank-engine.ts'

/** Numbers of a block: 1 MB. */
const BLOCK_NUMBERS = 1 << 18
/** Numbers that are handled between two looks at the clock: about a tenth of a millisecond. */
const STEP_NUMBERS = 1 << 16
/** Bytes of codes between two looks at the clock. */
const STEP_CODES = 1 << 15

/** Set bits of each byte. */
const POPCOUNT: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  let bits = 0
  for (let rest = byte; rest > 0; rest >>= 1) bits += rest & 1
  return bits
})

type Sum = (a: Float32Array, from: number, b: Float32Array, at: number, n: number) => number

const SUMS: Readonly<Record<CoordinateSum, Sum>> = {
  'squared-difference': (a, from, b, at, n) => {
    let sum = 0
    for (let i = 0; i < n; i++) sum += (a[from + i]! - b[at + i]!) ** 2
    return sum
  },
  'absolute-difference': (a, from, b, at, n) => {
    let sum = 0
    for (let i = 0; i < n; i++) sum += Math.abs(a[from + i]! - b[at + i]!)
    return sum
  },
  product: (a, from, b, at, n) => {
    let sum = 0
    for (let i = 0; i < n; i++) sum += a[from + i]! * b[at + i]!
    return sum
  },
  minimum: (a, from, b, at, n) => {
    let sum = 0
    for (let i = 0; i < n; i++) sum += Math.min(a[from + i]!, b[at + i]!)
    return sum
  },
  differing: (a, from, b, at, n) => {
    let sum = 0
    for (let i = 0; i < n; i++) sum += Number(a[from + i] !== b[at + i])
    return sum
  },
}

/** The k closest of what it is offered, sorted: an insertion into a short list. */
class Closest {
  readonly distances: Float64Array
  readonly rows: Uint32Array
  size = 0

  constructor(k: number) {
    this.distances = new Float64Array(k)
    this.rows = new Uint32Array(k)
  }

  offer(row: number, distance: number): void {
    const { distances, rows } = this
    const full = this.size === rows.length
    let at = full ? this.size - 1 : this.size
    const closer = (i: number): boolean => distance < distances[i]! || (distance === distances[i] && row < rows[i]!)
    if (full && !closer(at)) return
    for (; at > 0 && closer(at - 1); at--) {
      distances[at] = distances[at - 1]!
      rows[at] = rows[at - 1]!
    }
    distances[at] = distance
    rows[at] = row
    if (!full) this.size++
  }
}

/** Answers of all queries, one behind the other. */
function joined(found: readonly Closest[]): RowNeighbours {
  const total = found.reduce((sum, { size }) => sum + size, 0)
  const rows = new Uint32Array(total)
  const distances = new Float32Array(total)
  const offsets = new Uint32Array(found.length + 1)
  found.forEach((closest, i) => {
    rows.set(closest.rows.subarray(0, closest.size), offsets[i])
    distances.set(closest.distances.subarray(0, closest.size), offsets[i])
    offsets[i + 1] = offsets[i]! + closest.size
  })
  return { rows, distances, offsets }
}

/** Where the vector of a row, or of the i-th candidate, stands. */
interface Place {
  readonly data: Float32Array
  readonly at: number
}

/** An engine that needs nothing but JavaScript. */
export function plainEngine(metric: Metric): RerankEngine {
  const { sum: kind, usesNorms, finish } = METRICS[metric]
  const sumOf = SUMS[kind]
  const product = SUMS.product

  /** Ranks `count(query)` vectors for each query. */
  async function rank(
    { data, count: queries, dimensions }: VectorBatch,
    k: number,
    candidates: (query: number) => Iterable<readonly [row: number, place: Place]>,
    { signal }: CallOptions,
  ): Promise<RowNeighbours> {
    const slice = new TimeSlice()
    const step = Math.max(1, Math.floor(STEP_NUMBERS / dimensions))
    const found: Closest[] = []
    for (let q = 0; q < queries; q++) {
      const from = q * dimensions
      const norm = usesNorms ? product(data, from, data, from, dimensions) : 0
      const closest = new Closest(k)
      let looked = 0
      for (const [row, { data: vectors, at }] of candidates(q)) {
        const other = usesNorms ? product(vectors, at, vectors, at, dimensions) : 0
        // Rounded as it is given out, so that ties are seen; + 0 so that there is no −0.
        closest.offer(row, Math.fround(finish(sumOf(data, from, vectors, at, dimensions), norm, other, dimensions)) + 0)
        if (++looked % step === 0 && slice.due()) {
          await slice.pause()
          throwIfAborted(signal)
        }
      }
      found.push(closest)
      if (slice.due()) await slice.pause()
    }
    return joined(found)
  }

  function rows(dimensions: number): VectorRows {
    const perBlock = Math.max(1, Math.floor(BLOCK_NUMBERS / dimensions))
    const blocks: Float32Array[] = []
    let count = 0
    const placeOf = (row: number): Place => ({ data: blocks[Math.floor(row / perBlock)]!, at: (row % perBlock) * dimensions })
    const put = (row: number, from: Float32Array, i: number): void => {
      const { data, at } = placeOf(row)
      data.set(from.subarray(i * dimensions, (i + 1) * dimensions), at)
    }
    const step = Math.max(1, Math.floor(STEP_NUMBERS / dimensions))
    const pick = (which: Uint32Array): Float32Array => {
      const copy = new Float32Array(which.length * dimensions)
      which.forEach((row, i) => {
        const { data, at } = placeOf(row)
        copy.set(data.subarray(at, at + dimensions), i * dimensions)
      })
      return copy
    }
    return {
      dimensions,
      get count() {
        return count
      },
      async append(vectors) {
        const first = count
        const fresh: Float32Array[] = []
        while ((blocks.length + fresh.length) * perBlock < first + vectors.count) fresh.push(new Float32Array(perBlock * dimensions))
        blocks.push(...fresh)
        await inSlices(vectors.count, step, (from, to) => {
          for (let i = from; i < to; i++) put(first + i, vectors.data, i)
        })
        count = first + vectors.count
      },
      overwrite: (which, vectors) =>
        inSlices(which.length, step, (from, to) => {
          for (let i = from; i < to; i++) put(which[i]!, vectors.data, i)
        }),
      truncate(to) {
        count = to
      },
      read: (from, to) => pick(Uint32Array.from({ length: to - from }, (_, i) => from + i)),
      pick,
      rank(queries, { rows: of, offsets }, k, options) {
        function* candidates(query: number): Generator<readonly [number, Place]> {
          for (let i = offsets[query]!; i < offsets[query + 1]!; i++) yield [of[i]!, placeOf(of[i]!)]
        }
        return rank(queries, k, candidates, options)
      },
      scan(queries, k, allow, options) {
        function* candidates(): Generator<readonly [number, Place]> {
          for (let row = 0; row < count; row++) if (isAllowed(allow, row)) yield [row, placeOf(row)]
        }
        return rank(queries, k, candidates, options)
      },
      close() {
        blocks.length = 0
      },
    }
  }

  return {
    rows,
    rankVectors(queries, vectors, { rows: of, offsets }, k, options) {
      function* candidates(query: number): Generator<readonly [number, Place]> {
        for (let i = offsets[query]!; i < offsets[query + 1]!; i++) yield [of[i]!, { data: vectors, at: i * queries.dimensions }]
      }
      return rank(queries, k, candidates, options)
    },
    async closestCodes(codes, queries, limit, allow, { signal }) {
      const differing = new Uint16Array(codes.rows)
      const found: Uint32Array[] = []
      for (let q = 0; q < queries.count; q++) {
        const starts = new Uint32Array(8 * queries.stride + 2)
        await eachDistance(codes, queries, q, signal, (row, d) => {
          differing[row] = isAllowed(allow, row) ? d : 0xffff
          if (differing[row] === d) starts[d + 1]!++
        })
        for (let d = 0; d + 1 < starts.length; d++) starts[d + 1]! += starts[d]!
        const rows = new Uint32Array(Math.min(limit, starts[starts.length - 1]!))
        await inSlices(codes.rows, STEP_CODES, (from, to) => {
          for (let row = from; row < to; row++) {
            const d = differing[row]!
            if (d === 0xffff) continue
            const at = starts[d]!++
            if (at < rows.length) rows[at] = row
          }
        })
        found.push(rows)
      }
      return joinedRows(found)
    },
    async countByDistance(codes, queries, { signal }) {
      const width = 8 * queries.stride + 1
      const counts = new Uint32Array(queries.count * width)
      for (let q = 0; q < queries.count; q++) await eachDistance(codes, queries, q, signal, (_row, d) => counts[q * width + d]!++)
      return counts
    },
  }
}

function isAllowed(allow: RowBitmap | undefined, row: number): boolean {
  return !allow || (allow.bits[row >> 3]! & (1 << (row & 7))) !== 0
}

function joinedRows(found: readonly Uint32Array[]): Candidates {
  const rows = new Uint32Array(found.reduce((sum, { length }) => sum + length, 0))
  const offsets = new Uint32Array(found.length + 1)
  found.forEach((some, i) => {
    rows.set(some, offsets[i])
    offsets[i + 1] = offsets[i]! + some.length
  })
  return { rows, offsets }
}

/** Calls `see` with the bits in which the code of each row differs from that of query `q`. */
function eachDistance(
  { data, rows }: CodeView,
  queries: BitBatch,
  q: number,
  signal: AbortSignal | undefined,
  see: (row: number, differing: number) => void,
): Promise<void> {
  const { stride } = queries
  const query = queries.data.subarray(q * stride, (q + 1) * stride)
  const some = (from: number, to: number): void => {
    for (let row = from; row < to; row++) {
      let sum = 0
      for (let i = 0; i < stride; i++) sum += POPCOUNT[data[row * stride + i]! ^ query[i]!]!
      see(row, sum)
    }
  }
  return inSlices(rows, Math.ceil(STEP_CODES / stride), some, signal)
}
