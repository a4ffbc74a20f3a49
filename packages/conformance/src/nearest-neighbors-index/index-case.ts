// What a case of the NearestNeighborsIndex suite works with: fresh indexes, named vectors, and comparisons that do not depend on each other.
// A group compares an index with another index of the same kind that was built from what it should hold; only the groups `distance` and
// `recall` compare with the reference. So an index with wrong distances fails those, and not every group.

import type { ComponentConfig, Items, NearestNeighborsIndex, NearestOptions, Neighbours, VectorBatch } from '@cbir/core'
import { near, ok, same, sameList } from '../framework/check.ts'
import type { Made } from '../framework/component-groups.ts'
import { FilledCase, type Origin } from '../framework/filled-case.ts'
import type { Group, Scope, SuiteOptions } from '../framework/suite.ts'
import { allowance, exactDistance, type MetricName } from './exact-distance.ts'
import type { FullIndex } from './reference.ts'
import { namesFor, randomVectors } from './test-vectors.ts'

/** What an index can do beyond build and nearest; the names are those of `index.capabilities`. */
export type IndexCapabilityName = 'update' | 'remove' | 'range' | 'persist' | 'exact'

/** Options of `nearestNeighborsIndexSuite`. */
export interface NearestNeighborsIndexSuiteOptions extends SuiteOptions {
  /** A new index without rows. */
  readonly create: () => Made<NearestNeighborsIndex>
  /** The abilities of what `create` gives. These are tested; the others must throw NOT_SUPPORTED. */
  readonly capabilities: readonly IndexCapabilityName[]
  readonly metric: MetricName
  /** Numbers a vector in the tests, at least 4; 16 where absent. */
  readonly dimensions?: number | undefined
  /** Rows of the small indexes of the tests; 40 where absent. Give more where a build needs more to train on. */
  readonly rows?: number | undefined
  /** Share of the true ten nearest that an approximate index must find among 2000 clustered rows; 0.9 where absent. An exact one must find all. */
  readonly minimumRecall?: number | undefined
  /** Relative error that a distance may have; 1e-5 where absent. More is for indexes that store compressed vectors, and is their documented loss. */
  readonly tolerance?: number | undefined
  /** Opens an index over a directory: what is stored there, or an index without rows that will keep itself there. Needed for `persist`. */
  readonly reopen?: ((directory: string) => Made<NearestNeighborsIndex>) | undefined
  /** Makes an index from data, e.g. `(config) => registry.fromConfig(config)`; every group then runs again on what it makes of `toConfig()`. */
  readonly fromConfig?: ((config: ComponentConfig) => Made<NearestNeighborsIndex>) | undefined
  /** The names of `tuning` that `nearest` takes, each with a value that it accepts. */
  readonly tuning?: Readonly<Record<string, number>> | undefined
}

/** A group of the NearestNeighborsIndex suite. */
export type IndexGroup = Group<IndexCase, NearestNeighborsIndexSuiteOptions>

/** What a query answers, by uid. */
export type Answer = ReadonlyMap<string, number>

/** An index as it answers now: for the check that a failed call changed nothing. */
export interface Snapshot {
  readonly count: number
  readonly queries: VectorBatch
  readonly answers: Neighbours | undefined
}

export class IndexCase extends FilledCase<FullIndex, NearestNeighborsIndexSuiteOptions> {
  readonly metric: MetricName
  readonly dimensions: number
  readonly rows: number
  readonly tolerance: number

  constructor(options: NearestNeighborsIndexSuiteOptions, scope: Scope, from: Origin) {
    super(options, scope, from)
    this.metric = options.metric
    this.dimensions = options.dimensions ?? 16
    this.rows = options.rows ?? 40
    this.tolerance = options.tolerance ?? 1e-5
  }

  /** An index that holds `items`. */
  filled(items: Items): Promise<FullIndex> {
    return this.after((index) => index.build([items]))
  }

  vectors(count: number): VectorBatch {
    return randomVectors(this.random, count, this.dimensions, this.metric)
  }

  /** `count` random vectors with names that begin with `prefix`. */
  items(count: number = this.rows, prefix = 'item'): Items {
    return { uids: namesFor(count, prefix), vectors: this.vectors(count) }
  }

  /** The vector `values`, filled up with zeros. */
  vector(...values: number[]): VectorBatch {
    const data = new Float32Array(this.dimensions)
    data.set(values)
    return { data, count: 1, dimensions: this.dimensions }
  }

  /** Items from rows of leading values. */
  itemsOf(rows: Readonly<Record<string, readonly number[]>>): Items {
    const uids = Object.keys(rows)
    const data = new Float32Array(uids.length * this.dimensions)
    for (const [i, uid] of uids.entries()) data.set(rows[uid]!, i * this.dimensions)
    return { uids, vectors: { data, count: uids.length, dimensions: this.dimensions } }
  }

  /** The distance of every row that may be in the answer, for each query: `k` is the number of rows. */
  async answers(index: NearestNeighborsIndex, queries: VectorBatch, options?: NearestOptions): Promise<Answer[]> {
    return answersOf(await index.nearest(queries, Math.max(1, index.count), options), queries.count)
  }

  /** The index must answer as one of the same kind that was built from `items`. */
  async holds(index: NearestNeighborsIndex, items: Items, what: string): Promise<void> {
    same(index.count, items.uids.length, `count of ${what}`)
    const twin = await this.make()
    await twin.build([items])
    const queries = this.vectors(3)
    this.agree(await this.answers(index, queries), await this.answers(twin, queries), queries, items, what)
  }

  /** Both answers must have the same uids at the same distances. */
  agree(got: readonly Answer[], expected: readonly Answer[], queries: VectorBatch, items: Items, what: string): void {
    const rowOfUid = new Map(items.uids.map((uid, i) => [uid, i]))
    expected.forEach((wanted, i) => {
      sameList([...got[i]!.keys()].sort(), [...wanted.keys()].sort(), `uids that ${what} gives for query ${i}`)
      for (const [uid, distance] of wanted) {
        const row = rowOfUid.get(uid)
        const slack = row === undefined ? 0 : 2 * this.allowance(queries, i, items.vectors, row)
        near(got[i]!.get(uid)!, distance, slack, `distance of ${uid} that ${what} gives for query ${i}`)
      }
    })
  }

  /** What the index may be off the true distance of query `i` and row `row`. */
  allowance(queries: VectorBatch, i: number, vectors: VectorBatch, row: number): number {
    const a = queries.data.subarray(i * this.dimensions, (i + 1) * this.dimensions)
    const b = vectors.data.subarray(row * this.dimensions, (row + 1) * this.dimensions)
    return allowance(this.metric, a, b, exactDistance(this.metric, a, b), this.tolerance)
  }

  async snapshot(index: NearestNeighborsIndex): Promise<Snapshot> {
    const queries = this.vectors(2)
    return { count: index.count, queries, answers: index.count === 0 ? undefined : await index.nearest(queries, index.count) }
  }

  /** The index must have the count and the answers of `before`. */
  async unchanged(index: NearestNeighborsIndex, before: Snapshot, what: string): Promise<void> {
    same(index.count, before.count, `count after ${what}`)
    if (!before.answers) return
    const now = await index.nearest(before.queries, before.count)
    sameList(now.uids, before.answers.uids, `uids found after ${what}`)
    sameList(now.distances, before.answers.distances, `distances after ${what}`)
  }
}

/** The answer by uid; a uid must not occur twice. */
export function answersOf(neighbours: Neighbours, queries: number): Answer[] {
  return Array.from({ length: queries }, (_, i) => {
    const hits = neighbours.hits(i)
    const answer = new Map(hits.map(({ uid, distance }) => [uid, distance]))
    ok(answer.size === hits.length, `query ${i} finds every uid once; it finds ${hits.map(({ uid }) => uid).join(', ')}`)
    return answer
  })
}
