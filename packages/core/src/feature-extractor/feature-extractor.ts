// FeatureExtractor: from loaded arrays to feature vectors, one row for each.

import type { CallOptions } from '../component/call-options.ts'
import type { Component } from '../component/component.ts'
import type { VectorBatch } from '../vectors/vector-batch.ts'

/**
 * Turns a batch of loaded values into a batch of vectors: row *i* is the feature vector of `inputs[i]`. The maths behind it must not block the
 * event loop for more than 10 ms at a time.
 *
 * It keeps no input after its promise has settled: a loader may use that memory again (`VectorLoader.release`).
 *
 * Core checks that it gives exactly one finite row of `dimensions` numbers for each input (`ROW_MISMATCH`, `NOT_FINITE`).
 */
export interface FeatureExtractor<T = unknown> extends Component {
  readonly kind: 'feature-extractor'
  /** Numbers a vector. */
  readonly dimensions: number
  /** Changes whenever the same input would give other vectors: options, model bytes, version of the algorithm. Part of the producer. */
  readonly fingerprint: string
  /** Vectors of extractors with the same space can be compared, e.g. both towers of CLIP. Absent: only with its own. */
  readonly space?: string | undefined
  /** How many inputs a call likes best. */
  readonly batchSize: number
  extract(inputs: readonly T[], options?: CallOptions): Promise<VectorBatch>
  /** Frees models and threads; waits for calls in flight. */
  dispose(): Promise<void>
}
