// LshFunctor: from vectors to bit codes, so that vectors that are close get codes that differ in few bits.

import type { CallOptions } from '../component/call-options.ts'
import type { Component } from '../component/component.ts'
import type { BitBatch } from '../vectors/bit-batch.ts'
import type { Source } from '../vectors/source.ts'
import type { VectorBatch } from '../vectors/vector-batch.ts'

/** `fit`: it needs training before it can hash. */
export type LshFunctorCapability = 'fit' | 'persist'

/**
 * A function from vectors to codes of `bits` bits. The same model gives the same code for the same vector.
 *
 * Errors that every functor gives alike: NOT_TRAINED, ALREADY_TRAINED, INVALID_ARGUMENT, DIMENSION_MISMATCH, NOT_FINITE, NOT_SUPPORTED,
 * ABORTED, DISPOSED.
 */
export interface LshFunctor extends Component {
  readonly kind: 'lsh-functor'
  readonly capabilities: ReadonlySet<LshFunctorCapability>
  /** Bits a code. */
  readonly bits: number
  readonly hasModel: boolean
  /** Numbers a vector, where the model says it. */
  readonly dimensions: number | undefined
  /** Row *i* of the answer is the code of row *i* of `vectors`; any count, zero too. @throws CbirError NOT_TRAINED, DIMENSION_MISMATCH, NOT_FINITE */
  hash(vectors: VectorBatch, options?: CallOptions): Promise<BitBatch>
  /**
   * Learns from a stream of vectors. A fit that fails or is aborted leaves the functor without a model.
   * @throws CbirError ALREADY_TRAINED, EMPTY_BUILD (no vector), NOT_SUPPORTED (nothing to learn), DIMENSION_MISMATCH, NOT_FINITE
   */
  fit(source: Source<VectorBatch>, options?: CallOptions): Promise<void>
  /** Writes the model into a directory, whole or not at all. @throws CbirError NOT_TRAINED, NOT_SUPPORTED, IO_FAILED */
  save(directory: string, options?: CallOptions): Promise<void>
  dispose(): Promise<void>
}
