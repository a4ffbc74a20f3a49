// RankRelevancy: scores a pool of vectors by examples, without an index; with feedback it also says what to ask the person next.

import type { CallOptions } from '../component/call-options.ts'
import type { Component } from '../component/component.ts'
import type { Items, VectorBatch } from '../vectors/vector-batch.ts'

/** `feedback`: it has `rankWithFeedback`. */
export type RankRelevancyCapability = 'feedback'

/** A ranking, and what would teach most. */
export interface FeedbackRanking {
  /** A score in [0, 1] for each row of the pool. */
  readonly scores: Float32Array
  /** Uids of the pool that the person should judge next, the most useful first. */
  readonly feedback: readonly string[]
}

/**
 * Scores the rows of a pool: 1 is most relevant. It keeps nothing between calls.
 *
 * Errors that every one gives alike: INVALID_ARGUMENT (shapes; no positive example), DIMENSION_MISMATCH, NOT_FINITE, DUPLICATE_UID (in a pool
 * with names), NOT_SUPPORTED, ABORTED, DISPOSED.
 */
export interface RankRelevancy extends Component {
  readonly kind: 'rank-relevancy'
  /** What this instance can do; see `supports`. The method of an ability that it lacks throws NOT_SUPPORTED. */
  readonly capabilities: ReadonlySet<RankRelevancyCapability>
  /**
   * A score in [0, 1] for each row of `pool`; any count, zero too.
   * @param positive at least one example of what is wanted
   * @param negative examples of what is not; may be empty or undefined
   */
  rank(positive: VectorBatch, negative: VectorBatch | undefined, pool: VectorBatch, options?: CallOptions): Promise<Float32Array>
  dispose(): Promise<void>
}

/** Ability `feedback`. */
export interface RankRelevancyWithFeedback {
  /** As `rank`, and which uids to ask about next. @throws CbirError as `rank`, and DUPLICATE_UID */
  rankWithFeedback(positive: VectorBatch, negative: VectorBatch | undefined, pool: Items, options?: CallOptions): Promise<FeedbackRanking>
}

/** The methods that come with each ability. */
export interface RankRelevancyMethods {
  readonly feedback: RankRelevancyWithFeedback
}
