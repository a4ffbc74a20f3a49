// DescriptorSet: stored vectors by uid; what was computed once need not be computed again.

import type { CallOptions } from '../component/call-options.ts'
import type { Component } from '../component/component.ts'
import type { DescriptorElement } from '../descriptor-element/descriptor-element.ts'
import type { Source } from '../vectors/source.ts'
import type { Items } from '../vectors/vector-batch.ts'

/** Small facts in JSON that travel with one vector, e.g. `{ part: 3, parts: 7, start: 4.5, end: 7.5 }`. */
export type Attributes = Readonly<Record<string, string | number | boolean | null>>

/** Items with optional attributes, one entry a row. */
export interface DescriptorItems extends Items {
  readonly attributes?: readonly (Attributes | undefined)[] | undefined
}

/**
 * A map from uid to vector (and attributes), read and written in batches. Vectors of different dimensions may live in one set; one call of
 * `getVectors` wants them equal. Vectors are copied in and out. A call that fails changes nothing.
 *
 * Errors that every set gives alike: INVALID_ARGUMENT, NOT_FINITE, UNKNOWN_UID (`details.uids` names them), DUPLICATE_UID (a uid twice in one
 * batch), DIMENSION_MISMATCH, READ_ONLY, ABORTED, DISPOSED.
 */
export interface DescriptorSet extends Component {
  readonly kind: 'descriptor-set'
  readonly readOnly: boolean
  count(options?: CallOptions): Promise<number>
  /** `1` where the uid has a vector, else `0`; one byte a uid. */
  hasMany(uids: readonly string[], options?: CallOptions): Promise<Uint8Array>
  /**
   * Adds; a uid that exists is overwritten: vector and attributes are replaced, its place in the order stays. Atomic per batch of the source.
   * Gives how many rows were written. An error carries `details.batchesApplied`: how many batches stand.
   */
  addMany(source: Source<DescriptorItems>, options?: CallOptions): Promise<number>
  /**
   * Writes the vector of `uids[i]` to row *i* of `into`; gives the dimensions.
   * @param into at least `uids.length × dimensions` numbers; a uid may occur more than once
   * @throws CbirError UNKNOWN_UID, DIMENSION_MISMATCH, INVALID_ARGUMENT (`into` too small)
   */
  getVectors(uids: readonly string[], into: Float32Array, options?: CallOptions): Promise<number>
  /** Numbers in the vector of a uid. @throws CbirError UNKNOWN_UID */
  dimensionsOf(uid: string, options?: CallOptions): Promise<number>
  /** @throws CbirError UNKNOWN_UID */
  getAttributes(uids: readonly string[], options?: CallOptions): Promise<(Attributes | undefined)[]>
  /**
   * The descriptors as elements, in the order of `uids`. They are not copies: each reads and writes this set, and has no vector once its uid is
   * removed. Their `type` is the set's name.
   * @throws CbirError UNKNOWN_UID
   */
  getMany(uids: readonly string[], options?: CallOptions): Promise<DescriptorElement[]>
  /** @throws CbirError UNKNOWN_UID (nothing is removed) */
  removeMany(uids: readonly string[], options?: CallOptions): Promise<void>
  clear(options?: CallOptions): Promise<void>
  /**
   * Everything in the set, in batches of at most `batchSize` (1024) rows of equal dimensions, in the order of insertion. The set may be changed
   * meanwhile: rows that are written or removed after the start may be in it or not; all others are in it once.
   */
  items(options?: CallOptions & { readonly batchSize?: number | undefined }): AsyncIterable<DescriptorItems>
  dispose(): Promise<void>
}
