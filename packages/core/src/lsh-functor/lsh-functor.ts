// LshFunctor: from vectors to bit codes, so that vectors that are close get codes that differ in few bits.

import type { CallOptions } from '../component/call-options.ts'
import type { Component } from '../component/component.ts'
import type { PersistableModel } from '../component/trained-model.ts'
import type { BitBatch } from '../vectors/bit-batch.ts'
import type { Source } from '../vectors/source.ts'
import type { VectorBatch } from '../vectors/vector-batch.ts'

/** `fit`: it needs training before it can hash. */
export type LshFunctorCapability = 'fit' | 'persist'

/**
 * A function from vectors to codes of `bits` bits. The same model gives the same code for the same vector, and the same configuration the same
 * model for the same vectors: what is random in it comes from a seed.
 *
 * Errors that every functor gives alike: NOT_TRAINED, ALREADY_TRAINED, INVALID_ARGUMENT, DIMENSION_MISMATCH, NOT_FINITE, SOURCE_FAILED,
 * NOT_SUPPORTED, ABORTED, DISPOSED.
 */
export interface LshFunctor extends Component {
  readonly kind: 'lsh-functor'
  /** What this instance can do; see `supports`. The method of an ability that it lacks throws NOT_SUPPORTED. */
  readonly capabilities: ReadonlySet<LshFunctorCapability>
  /** Bits a code. */
  readonly bits: number
  readonly hasModel: boolean
  /** Numbers a vector, where the model says it. */
  readonly dimensions: number | undefined
  /** Row *i* of the answer is the code of row *i* of `vectors`; any count, zero too. @throws CbirError NOT_TRAINED, DIMENSION_MISMATCH, NOT_FINITE */
  hash(vectors: VectorBatch, options?: CallOptions): Promise<BitBatch>
  dispose(): Promise<void>
}

/** Ability `fit`. */
export interface TrainableLshFunctor {
  /**
   * Learns from a stream of vectors. A fit that fails or is aborted leaves the functor without a model. Of two fits at once the second is refused.
   * @throws CbirError ALREADY_TRAINED, EMPTY_BUILD (no vector), DIMENSION_MISMATCH (vectors of different lengths, or shorter than the code where
   *   the method cannot do that), NOT_FINITE, SOURCE_FAILED
   */
  fit(source: Source<VectorBatch>, options?: CallOptions): Promise<void>
}

/** The methods that come with each ability. */
export interface LshFunctorMethods {
  readonly fit: TrainableLshFunctor
  readonly persist: PersistableModel
}
