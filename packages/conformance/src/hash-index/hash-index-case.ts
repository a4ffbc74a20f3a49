// What a case of the HashIndex suite works with: fresh indexes and random codes. Groups compare the codes that an index finds, as texts of 0
// and 1; only the group `distance` looks at how far they are, and only `rows` at where they stand.

import type { BitBatch, CodeNeighbours, ComponentConfig, HashIndex } from '@cbir/core'
import { same, sameList } from '../framework/check.ts'
import type { Made } from '../framework/component-groups.ts'
import { FilledCase, type Origin } from '../framework/filled-case.ts'
import type { Group, Scope, SuiteOptions } from '../framework/suite.ts'
import { batchOf, codeAt, randomCodes } from './codes.ts'
import type { FullHashIndex } from './reference.ts'

/** What a hash index can do beyond build and nearest; the names are those of `index.capabilities`. */
export type HashIndexCapabilityName = 'update' | 'remove' | 'persist' | 'exact'

/** Options of `hashIndexSuite`. */
export interface HashIndexSuiteOptions extends SuiteOptions {
  /** A new index without codes. */
  readonly create: () => Made<HashIndex>
  /** The abilities of what `create` gives. These are tested; the others must throw NOT_SUPPORTED. */
  readonly capabilities: readonly HashIndexCapabilityName[]
  /** Bits of the codes in the tests, at least 16; 70 where absent, which is more than a machine word and no whole number of bytes. */
  readonly bits?: number | undefined
  /** Share of the true ten nearest that an approximate index must find among 2000 clustered codes; 0.9 where absent. An exact one must find all. */
  readonly minimumRecall?: number | undefined
  /** Opens an index over a directory: what is stored there, or an index without codes that will keep itself there. Needed for `persist`. */
  readonly reopen?: ((directory: string) => Made<HashIndex>) | undefined
  /** Makes an index from data, e.g. `(config) => registry.fromConfig(config)`; every group then runs again on what it makes of `toConfig()`. */
  readonly fromConfig?: ((config: ComponentConfig) => Made<HashIndex>) | undefined
}

export type HashIndexGroup = Group<HashIndexCase, HashIndexSuiteOptions>

/** An index as it answers now: for the check that a failed call changed nothing. */
export interface HashIndexSnapshot {
  readonly count: number
  readonly queries: BitBatch
  readonly answers: CodeNeighbours | undefined
}

export class HashIndexCase extends FilledCase<FullHashIndex, HashIndexSuiteOptions> {
  readonly bits: number

  constructor(options: HashIndexSuiteOptions, scope: Scope, from: Origin) {
    super(options, scope, from)
    this.bits = options.bits ?? 70
  }

  /** An index that holds `codes`. */
  holding(codes: readonly string[]): Promise<FullHashIndex> {
    return this.after((index) => index.build([this.batch(codes)]))
  }

  /** Distinct random codes. */
  codes(count = 40): string[] {
    return randomCodes(this.random, count, this.bits)
  }

  batch(codes: readonly string[]): BitBatch {
    return batchOf(codes, this.bits)
  }

  /** A batch of random codes. */
  queries(count: number): BitBatch {
    return this.batch(this.codes(count))
  }

  /** The index must hold these codes and no others. */
  async holds(index: HashIndex, codes: readonly string[], what: string): Promise<void> {
    same(index.count, codes.length, `count of ${what}`)
    const found = codesOf(await index.nearest(this.queries(1), codes.length), 0)
    sameList(found.sort(), [...codes].sort(), `codes in ${what}`)
  }

  async snapshot(index: HashIndex): Promise<HashIndexSnapshot> {
    const queries = this.queries(2)
    return { count: index.count, queries, answers: index.count === 0 ? undefined : await index.nearest(queries, index.count) }
  }

  /** The index must have the count and the answers of `before`. */
  async unchanged(index: HashIndex, before: HashIndexSnapshot, what: string): Promise<void> {
    same(index.count, before.count, `count after ${what}`)
    if (!before.answers) return
    const now = await index.nearest(before.queries, before.count)
    for (const i of [0, 1]) sameList(codesOf(now, i), codesOf(before.answers, i), `codes found after ${what}`)
  }
}

/** The codes that were found for query `i`. */
export function codesOf({ codes, offsets }: CodeNeighbours, i: number): string[] {
  return Array.from({ length: offsets[i + 1]! - offsets[i]! }, (_, j) => codeAt(codes, offsets[i]! + j))
}

/** The codes in batches of `size`. */
export function partsOf(codes: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(codes.length / size) }, (_, i) => codes.slice(i * size, (i + 1) * size))
}
