// Classifier: which labels a vector has, each with a confidence.

import type { CallOptions } from '../component/call-options.ts'
import type { Component } from '../component/component.ts'
import type { PersistableModel } from '../component/trained-model.ts'
import type { Source } from '../vectors/source.ts'
import type { VectorBatch } from '../vectors/vector-batch.ts'

/** Confidences of a batch: that of row *i* for `labels[j]` is `confidences[i * labels.length + j]`, in [0, 1]. */
export interface Classifications {
  readonly labels: readonly string[]
  readonly count: number
  readonly confidences: Float32Array
  /** The readable view of row `i`. */
  of(i: number): Map<string, number>
}

/** Training vectors by label. */
export type LabelledVectors = Readonly<Record<string, Source<VectorBatch>>> | ReadonlyMap<string, Source<VectorBatch>>

/** `train`: it learns from examples; without it, it knows its labels from the start. */
export type ClassifierCapability = 'train' | 'persist'

/**
 * Gives every vector a confidence in [0, 1] for each label. Where the labels exclude each other the confidences of a row sum to 1; where they do
 * not (a detector with several heads) they need not.
 *
 * Errors that every classifier gives alike: NOT_TRAINED, ALREADY_TRAINED, INVALID_ARGUMENT, DIMENSION_MISMATCH, NOT_FINITE, SOURCE_FAILED,
 * NOT_SUPPORTED, ABORTED, DISPOSED.
 */
export interface Classifier extends Component {
  readonly kind: 'classifier'
  /** What this instance can do; see `supports`. The method of an ability that it lacks throws NOT_SUPPORTED. */
  readonly capabilities: ReadonlySet<ClassifierCapability>
  readonly hasModel: boolean
  /** All labels, in the order of the confidences; that of the negatives too. @throws CbirError NOT_TRAINED */
  labels(options?: CallOptions): Promise<readonly string[]>
  /** One row for each vector; any count, zero too. @throws CbirError NOT_TRAINED, DIMENSION_MISMATCH, NOT_FINITE */
  classify(vectors: VectorBatch, options?: CallOptions): Promise<Classifications>
  dispose(): Promise<void>
}

/** Ability `train`. */
export interface TrainableClassifier {
  /**
   * Learns from examples of at least two labels. A training that fails or is aborted leaves the classifier without a model. Of two
   * trainings at once the second is refused.
   * @throws CbirError ALREADY_TRAINED, INVALID_ARGUMENT (fewer than two labels), EMPTY_BUILD (a label without a vector), DIMENSION_MISMATCH,
   *   NOT_FINITE, SOURCE_FAILED
   */
  train(examples: LabelledVectors, options?: CallOptions): Promise<void>
}

/** The methods that come with each ability. */
export interface ClassifierMethods {
  readonly train: TrainableClassifier
  readonly persist: PersistableModel
}
