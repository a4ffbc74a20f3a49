// The search of the LSH index: hash the queries, ask the hash index for the codes nearby, and rank the vectors that have them.

import { type BitBatch, CbirError, type VectorBatch } from '@cbir/core'
import { inSlices, type RowNeighbours, type RowSearchOptions } from '@cbir/core/define'
import { uidsOfCodes } from './hash-to-uids.ts'
import type { LshIndexConfig } from './lsh-config.ts'
import { hashVectors, type LshParts } from './lsh-parts.ts'
import type { LshRows } from './lsh-rows.ts'
import type { Candidates, Ready, RerankEngine } from './rerank-engine.ts'
import { planSearch, type SearchPlan } from './search-plan.ts'
import { checkStored, SET_BATCH } from './stored-vectors.ts'

/** Codes that a hash index is asked for in one call: it makes its answer in one go. */
const CODES_AT_ONCE = 1 << 15
/** Numbers of candidates' vectors that are read from a descriptor set in one call: 16 MB. */
const NUMBERS_AT_ONCE = 1 << 22
/** Rows that are handled between two looks at the clock. */
const STEP = 1 << 14

export class CandidateSearch {
  private readonly parts: LshParts
  private readonly engine: RerankEngine
  private readonly config: LshIndexConfig

  constructor(parts: LshParts, engine: RerankEngine, config: LshIndexConfig) {
    this.parts = parts
    this.engine = engine
    this.config = config
  }

  nearest(state: LshRows, queries: VectorBatch, k: number, options: RowSearchOptions): Ready<RowNeighbours> {
    const { codes, calibration } = state
    const plan = planSearch({ rows: codes.count, codes: codes.codes, calibration }, k, this.config, options)
    return plan.way === 'scan' ? this.scan(state, queries, k, options) : this.byCodes(state, queries, k, plan, options)
  }

  /** Every allowed vector is compared. */
  scan(state: LshRows, queries: VectorBatch, k: number, options: RowSearchOptions): Ready<RowNeighbours> {
    if (state.vectors) return state.vectors.scan(queries, k, options.allow, options)
    return this.scanSet(state, queries, k, options)
  }

  private async byCodes(state: LshRows, queries: VectorBatch, k: number, plan: SearchPlan, options: RowSearchOptions): Promise<RowNeighbours> {
    const codes = await hashVectors(this.parts, queries, options.signal)
    const wide = Math.max(1, plan.codes)
    const most = Math.max(1, Math.min(Math.floor(CODES_AT_ONCE / wide), Math.floor(NUMBERS_AT_ONCE / (plan.candidates * queries.dimensions))))
    if (queries.count <= most) return this.some(state, queries, codes, k, plan, options)
    const answers: RowNeighbours[] = []
    // While the vectors of some queries are ranked, the hash index is asked for the next ones.
    let before: Promise<RowNeighbours> | undefined
    try {
      for (let from = 0; from < queries.count; from += most) {
        const to = Math.min(queries.count, from + most)
        const part = this.some(state, rowsOf(queries, from, to), codesOf(codes, from, to), k, plan, options)
        part.catch(() => {}) // it is awaited below, maybe after another has failed
        if (before) answers.push(await before)
        before = part
      }
    } finally {
      await before?.catch(() => {})
    }
    if (before) answers.push(await before)
    return joinAnswers(answers)
  }

  /** Queries that fit in one call of each part. */
  private async some(
    state: LshRows,
    queries: VectorBatch,
    codes: BitBatch,
    k: number,
    plan: SearchPlan,
    options: RowSearchOptions,
  ): Promise<RowNeighbours> {
    const near = plan.way === 'hash index' && state.phase === 'shared' ? await this.nearCodes(state, codes, plan, options) : undefined
    // Another build may have taken the hash index over meanwhile: then the codes by row are asked.
    const candidates =
      near && state.phase === 'shared' ? near : await this.engine.closestCodes(state.codes, codes, plan.candidates, options.allow, options)
    return this.rank(state, queries, candidates, k, options)
  }

  /** The rows that the hash index and the hash→uids store give. */
  private async nearCodes(state: LshRows, codes: BitBatch, plan: SearchPlan, options: RowSearchOptions): Promise<Candidates> {
    const { hashIndex, hashToUids } = this.parts
    const near = await hashIndex.nearest(codes, plan.codes, { signal: options.signal })
    const { rows, offsets } = near
    checkNear(hashIndex.name, rows, offsets, codes.count)
    const allow = options.allow?.bits
    const limit = plan.candidates
    if (hashToUids) {
      if (near.codes.count !== rows.length || near.codes.bits !== codes.bits) {
        throw new CbirError('ADAPTER_FAULT', `${hashIndex.name} gave ${near.codes.count} codes for ${rows.length} rows.`)
      }
      return namedRows(await uidsOfCodes(hashToUids, near.codes, options.signal), offsets, limit, allow, options)
    }
    const found = new Uint32Array(Math.min(codes.count * limit, codes.count * state.codes.count))
    const ends = new Uint32Array(codes.count + 1)
    for (let q = 0; q < codes.count; q++) {
      ends[q + 1] = state.codes.gather(rows, offsets[q]!, offsets[q + 1]!, limit, allow, found, ends[q]!)
    }
    return { rows: found.subarray(0, ends[codes.count]), offsets: ends }
  }

  private async rank(state: LshRows, queries: VectorBatch, candidates: Candidates, k: number, options: RowSearchOptions): Promise<RowNeighbours> {
    if (state.vectors) return state.vectors.rank(queries, candidates, k, options)
    const vectors = await this.storedVectors(state, candidates.rows, options.signal)
    // The set may hold other vectors since a build has begun to take it over; the old ones are in memory then.
    if (state.vectors) return (state.vectors as NonNullable<LshRows['vectors']>).rank(queries, candidates, k, options)
    return this.engine.rankVectors(queries, vectors, candidates, k, options)
  }

  /** Vectors from the descriptor set, in one batch. */
  private async storedVectors(state: LshRows, rows: Uint32Array, signal: AbortSignal | undefined): Promise<Float32Array> {
    const { descriptorSet } = this.parts
    const vectors = new Float32Array(rows.length * state.dimensions)
    if (rows.length === 0 || !descriptorSet) return vectors
    const uids = Array.from(rows, (row) => state.uids?.[row] ?? '')
    try {
      checkStored(descriptorSet.name, await descriptorSet.getVectors(uids, vectors, { signal }), state.dimensions)
    } catch (error) {
      if (state.vectors) return vectors // a build has taken the set over; nobody looks at these
      throw error
    }
    return vectors
  }

  /** A scan through the descriptor set, some rows at a time. */
  private async scanSet(state: LshRows, queries: VectorBatch, k: number, options: RowSearchOptions): Promise<RowNeighbours> {
    const all = await state.codes.liveRows(options.allow)
    const lists: Hit[][] = Array.from({ length: queries.count }, () => [])
    for (let from = 0; from < all.length; from += SET_BATCH) {
      const some = all.subarray(from, from + SET_BATCH)
      const data = await this.storedVectors(state, some, options.signal)
      if (state.vectors) return state.vectors.scan(queries, k, options.allow, options)
      const piece = this.engine.rows(state.dimensions)
      try {
        await piece.append({ data, count: some.length, dimensions: state.dimensions }, 0, options)
        const found = await piece.scan(queries, k, undefined, options)
        for (let q = 0; q < queries.count; q++) merge(lists[q]!, found, q, some, k)
      } finally {
        piece.close()
      }
    }
    return ofLists(lists)
  }
}

interface Hit {
  readonly row: number
  readonly distance: number
}

function merge(list: Hit[], found: RowNeighbours, q: number, rows: Uint32Array, k: number): void {
  for (let i = found.offsets[q]!; i < found.offsets[q + 1]!; i++) list.push({ row: rows[found.rows[i]!]!, distance: found.distances[i]! })
  list.sort((a, b) => a.distance - b.distance || a.row - b.row)
  list.length = Math.min(list.length, k)
}

function ofLists(lists: readonly (readonly Hit[])[]): RowNeighbours {
  const hits = lists.flat()
  const offsets = new Uint32Array(lists.length + 1)
  lists.forEach((list, i) => {
    offsets[i + 1] = offsets[i]! + list.length
  })
  return { rows: Uint32Array.from(hits, (hit) => hit.row), distances: Float32Array.from(hits, (hit) => hit.distance), offsets }
}

/** The rows of named uids, each once a query; uids that the index does not know are left out. */
async function namedRows(
  lists: readonly (readonly string[])[],
  offsets: Uint32Array,
  limit: number,
  allow: Uint8Array | undefined,
  { names, signal }: RowSearchOptions,
): Promise<Candidates> {
  const rows: number[] = []
  const ends = new Uint32Array(offsets.length)
  for (let q = 0; q + 1 < offsets.length; q++) {
    const seen = new Set<number>()
    const collect = (from: number, to: number): void => {
      for (let i = from; i < to; i++) {
        for (const uid of lists[offsets[q]! + i]!) {
          const row = names?.rowOf(uid)
          if (row === undefined || seen.size >= limit || (allow && (allow[row >> 3]! & (1 << (row & 7))) === 0)) continue
          seen.add(row)
        }
      }
    }
    await inSlices(offsets[q + 1]! - offsets[q]!, STEP >> 4, collect, signal)
    for (const row of seen) rows.push(row)
    ends[q + 1] = rows.length
  }
  return { rows: Uint32Array.from(rows), offsets: ends }
}

function checkNear(name: string, rows: Uint32Array, offsets: Uint32Array, queries: number): void {
  let whole = offsets.length === queries + 1 && offsets[0] === 0 && offsets[queries] === rows.length
  for (let q = 0; whole && q < queries; q++) whole = offsets[q]! <= offsets[q + 1]!
  if (!whole) throw new CbirError('ADAPTER_FAULT', `${name} gave an answer whose offsets do not fit its ${rows.length} rows for ${queries} queries.`)
}

function rowsOf({ data, dimensions }: VectorBatch, from: number, to: number): VectorBatch {
  return { data: data.subarray(from * dimensions, to * dimensions), count: to - from, dimensions }
}

function codesOf({ data, bits, stride }: BitBatch, from: number, to: number): BitBatch {
  return { data: data.slice(from * stride, to * stride), count: to - from, bits, stride }
}

function joinAnswers(answers: readonly RowNeighbours[]): RowNeighbours {
  const total = answers.reduce((sum, { rows }) => sum + rows.length, 0)
  const queries = answers.reduce((sum, { offsets }) => sum + offsets.length - 1, 0)
  const rows = new Uint32Array(total)
  const distances = new Float32Array(total)
  const offsets = new Uint32Array(queries + 1)
  let at = 0
  let query = 0
  for (const answer of answers) {
    rows.set(answer.rows, at)
    distances.set(answer.distances, at)
    for (let i = 1; i < answer.offsets.length; i++) offsets[++query] = at + answer.offsets[i]!
    at += answer.rows.length
  }
  return { rows, distances, offsets }
}
