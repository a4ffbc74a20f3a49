// RelevancyIndex: how relevant everything in it is, given examples that a person marked.

import type { CallOptions } from '../component/call-options.ts'
import type { Component } from '../component/component.ts'
import type { Source } from '../vectors/source.ts'
import type { Items, VectorBatch } from '../vectors/vector-batch.ts'

/** A score in [0, 1] for each uid of the index; 1 is most relevant. */
export interface Relevance {
  /** In the order of the build. */
  readonly uids: readonly string[]
  readonly scores: Float32Array
  /** The min(`k`, uids) most relevant, best first; of equal ones the earlier. */
  top(k: number): Promise<{ readonly uid: string; readonly score: number }[]>
}

/**
 * An index that ranks all of its vectors by examples.
 *
 * Errors that every one gives alike: INVALID_ARGUMENT, DIMENSION_MISMATCH, NOT_FINITE, DUPLICATE_UID, EMPTY_BUILD, EMPTY_INDEX, SOURCE_FAILED,
 * ABORTED, DISPOSED. An error leaves the index as it was.
 */
export interface RelevancyIndex extends Component {
  readonly kind: 'relevancy-index'
  readonly count: number
  /** Numbers a vector, once something was built. */
  readonly dimensions: number | undefined
  /** Replaces the content; gives the count. Until it has finished the old content answers, and a failed build leaves it. @throws CbirError EMPTY_BUILD */
  build(source: Source<Items>, options?: CallOptions): Promise<number>
  /**
   * Ranks everything in the index. Examples need not be in it.
   * @param positive at least one example of what is wanted
   * @param negative examples of what is not; may be empty or absent, the index then does without
   * @throws CbirError INVALID_ARGUMENT (no positive example), EMPTY_INDEX, DIMENSION_MISMATCH, NOT_FINITE
   */
  rank(positive: VectorBatch, negative?: VectorBatch, options?: CallOptions): Promise<Relevance>
  dispose(): Promise<void>
}
