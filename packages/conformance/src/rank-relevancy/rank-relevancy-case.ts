// What a case of the RankRelevancy suite works with.

import type { CallOptions, ComponentConfig, Items, RankRelevancy, VectorBatch } from '@cbir/core'
import type { Made } from '../framework/component-groups.ts'
import type { Group } from '../framework/suite.ts'
import { RelevanceCase, type RelevanceSuiteOptions } from '../relevance/relevance-case.ts'
import type { FullRankRelevancy } from './reference.ts'

/** Options of `rankRelevancySuite`. */
export interface RankRelevancySuiteOptions extends RelevanceSuiteOptions {
  readonly create: () => Made<RankRelevancy>
  /** The abilities of what `create` gives. These are tested; the others must throw NOT_SUPPORTED. */
  readonly capabilities: readonly 'feedback'[]
  readonly fromConfig?: ((config: ComponentConfig) => Made<RankRelevancy>) | undefined
}

/** A group of the RankRelevancy suite. */
export type RankRelevancyGroup = Group<RankRelevancyCase, RankRelevancySuiteOptions>

export class RankRelevancyCase extends RelevanceCase<FullRankRelevancy> {
  declare readonly options: RankRelevancySuiteOptions

  ready(): Promise<FullRankRelevancy> {
    return this.make()
  }

  score(ranker: FullRankRelevancy, pool: Items, positive: VectorBatch, negative?: VectorBatch, options?: CallOptions): Promise<Float32Array> {
    return ranker.rank(positive, negative, pool.vectors, options)
  }

  questions(ranker: FullRankRelevancy, pool: Items, positive: VectorBatch, options?: CallOptions): Record<string, () => Promise<unknown>> {
    const rank = (): Promise<unknown> => ranker.rank(positive, this.vectors(2), pool.vectors, options)
    const rankWithFeedback = (): Promise<unknown> => ranker.rankWithFeedback(positive, this.vectors(2), pool, options)
    return this.options.capabilities.includes('feedback') ? { rank, rankWithFeedback } : { rank }
  }
}
