// Calibration: how many candidates a wanted recall needs, measured on a sample of the index's own vectors when it is built.
//
// For each sampled vector the exact neighbours are found, and at which place each of them comes when rows are ordered by their codes. A neighbour at
// place p is found with more than p candidates, so the mean recall of c candidates is the share of places below c, and the candidates that a recall
// needs are a quantile of the places.

import { type BitBatch, bitStride, type VectorBatch } from '@cbir/core'
import type { CodeRows } from './code-rows.ts'
import type { RerankEngine, VectorRows } from './rerank-engine.ts'

/** Fewer rows are not worth it: they are all looked at. */
const FEWEST_ROWS = 512
/** Sampled vectors, and fewer where the exact neighbours would take more numbers than this (some seconds of one thread). */
const MOST_SAMPLES = 96
const FEWEST_SAMPLES = 24
const MOST_NUMBERS = 4e9
/** Neighbours of each. */
const NEIGHBOURS = 100
/** The k that recall is promised for where fewer are asked for: nearer neighbours are found sooner. */
const LEAST_K = 10

/** The golden ratio: its multiples spread evenly over [0, 1). */
const GOLDEN = (Math.sqrt(5) - 1) / 2

/** The places of sampled neighbours. */
export class Calibration {
  /** Rows of the index when it was measured. */
  readonly rows: number
  /** Neighbours of each sample. */
  readonly neighbours: number
  /** Sample by sample, the places of its neighbours, the nearest neighbour first. */
  readonly places: Uint32Array
  /** Places of the nearest k neighbours of all samples, sorted. */
  private readonly sorted = new Map<number, Uint32Array>()

  constructor(rows: number, neighbours: number, places: Uint32Array) {
    this.rows = rows
    this.neighbours = neighbours
    this.places = places
  }

  /** Candidates for `k` neighbours with a mean recall of `recall`, in an index that now has `rows` rows. */
  candidates(k: number, recall: number, rows: number): number {
    const upTo = Math.min(Math.max(k, LEAST_K), this.neighbours)
    const sorted = this.sortedFor(upTo)
    const place = sorted[Math.min(sorted.length - 1, Math.ceil(recall * sorted.length))]!
    const beyond = Math.max(1, k / this.neighbours)
    return Math.ceil((place + 1) * beyond * Math.max(1, rows / this.rows))
  }

  private sortedFor(k: number): Uint32Array {
    const known = this.sorted.get(k)
    if (known) return known
    const samples = this.places.length / this.neighbours
    const some = new Uint32Array(samples * k)
    for (let i = 0; i < samples; i++) some.set(this.places.subarray(i * this.neighbours, i * this.neighbours + k), i * k)
    some.sort()
    this.sorted.set(k, some)
    return some
  }
}

/** Measures an index whose rows have vectors and codes; undefined where there are too few rows. */
export async function calibrate(
  engine: RerankEngine,
  vectors: VectorRows,
  codes: CodeRows,
  signal: AbortSignal | undefined,
): Promise<Calibration | undefined> {
  const { count, dimensions } = vectors
  if (count < FEWEST_ROWS) return undefined
  const samples = Math.max(FEWEST_SAMPLES, Math.min(MOST_SAMPLES, Math.floor(MOST_NUMBERS / (count * dimensions))))
  const rows = Uint32Array.from({ length: samples }, (_, i) => Math.floor(((i + 0.5) * count) / samples))
  const queries: VectorBatch = { data: vectors.pick(rows), count: samples, dimensions }
  const queryCodes = codes.pick(rows)
  const neighbours = Math.min(NEIGHBOURS, count - 1)
  const found = await vectors.scan(queries, neighbours + 1, undefined, { signal })
  const width = 8 * bitStride(codes.bits) + 1
  const counts = await engine.countByDistance(codes, queryCodes, { signal })
  const places = new Uint32Array(samples * neighbours)
  for (let i = 0; i < samples; i++) {
    /** before[d]: rows at a distance below d. */
    const before = new Uint32Array(width + 1)
    for (let d = 0; d < width; d++) before[d + 1] = before[d]! + counts[i * width + d]!
    const others = found.rows.subarray(found.offsets[i], found.offsets[i + 1]).filter((row) => row !== rows[i])
    const near = codes.pick(others)
    for (let j = 0; j < neighbours; j++) {
      const d = differing(queryCodes, i, near, j)
      // Among equals its place is any, so the samples spread over them; the sampled row itself stands in front of it.
      const share = ((i * neighbours + j) * GOLDEN) % 1
      places[i * neighbours + j] = Math.max(0, before[d]! + share * (before[d + 1]! - before[d]!) - 1)
    }
  }
  return new Calibration(count, neighbours, places)
}

function differing(a: BitBatch, i: number, b: BitBatch, j: number): number {
  let bits = 0
  for (let byte = 0; byte < a.stride; byte++) {
    for (let rest = a.data[i * a.stride + byte]! ^ b.data[j * b.stride + byte]!; rest > 0; rest &= rest - 1) bits++
  }
  return bits
}
