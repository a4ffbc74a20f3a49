// DescriptorGenerator: from items to descriptors; a loader and an extractor seen as one. An Encoder is the part of it that a query needs.

import type { CallOptions } from '../component/call-options.ts'
import type { Component } from '../component/component.ts'
import type { DescriptorSet } from '../descriptor-set/descriptor-set.ts'
import type { Source } from '../vectors/source.ts'
import type { VectorBatch } from '../vectors/vector-batch.ts'

/** Where a part lies in its item. `start` and `end` are in the loader's unit (seconds for sound); absent where the item is one whole. */
export interface PartPosition {
  readonly index: number
  readonly start?: number | undefined
  readonly end?: number | undefined
}

/** The descriptors of one item: row *i* of `vectors` belongs to `parts[i]`. */
export interface Descriptors {
  readonly vectors: VectorBatch
  readonly parts: readonly PartPosition[]
}

/** Turns one item into vectors of a space: what the query side of a pipeline needs. */
export interface Encoder<In = unknown> {
  /** SHA-1 over the fingerprints of loader and extractor: equal for equal vectors of equal content. */
  producer(): Promise<string>
  /** A name that extractors of comparable vectors share, if there is one. */
  readonly space?: string | undefined
  /** Numbers a vector. */
  readonly dimensions: number
  /** @throws CbirError EMPTY (the item has no part), LOAD_FAILED, EXTRACT_FAILED, NOT_FINITE, ABORTED */
  encode(input: In, options?: CallOptions): Promise<Descriptors>
}

/** What happens with an item that cannot be loaded or extracted. */
export type ErrorPolicy = 'throw' | 'skip'

export interface GenerateOptions extends CallOptions {
  /** `throw` (the default) ends the stream with the first error; `skip` yields the error in the item's place. */
  readonly onError?: ErrorPolicy | undefined
  /** Where descriptors are kept, and found again for the same content and producer. */
  readonly store?: DescriptorSet | undefined
  /** Compute what the store has already, too. */
  readonly overwrite?: boolean | undefined
  /** Items loaded at once; 8 where not given. */
  readonly concurrency?: number | undefined
}

/** One item's outcome, in the order of the source. */
export type Generated<In> =
  | { readonly input: In; readonly descriptors: Descriptors; readonly reused: boolean; readonly error?: undefined }
  | { readonly input: In; readonly error: Error; readonly descriptors?: undefined; readonly reused?: undefined }

/**
 * Computes descriptors. Results come in the order of the source, one for each item; loading, extraction and the source overlap, with bounded
 * read-ahead, so that a million items need constant memory.
 *
 * Reuse: an item whose content uuid is known (a `DataElement`, or the loader says it) is computed once for each content and producer, as long as
 * it is in `store`; equal items in one run wait for the first.
 */
export interface DescriptorGenerator<In = unknown> extends Component, Encoder<In> {
  readonly kind: 'descriptor-generator'
  /**
   * The source is read ahead: what it gives must stay as it is until its outcome has come. Leaving early stops what is under way, by the signal that
   * loader and extractor got, and closes the source.
   * @throws CbirError SOURCE_FAILED, IO_FAILED (the store), ABORTED, and under `onError: 'throw'` what is wrong with the first bad item
   */
  generate(source: Source<In>, options?: GenerateOptions): AsyncGenerator<Generated<In>, void, undefined>
}
