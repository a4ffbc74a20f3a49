// VectorLoader: from one item (a photo, a recording, a text) to the arrays that an extractor takes.

import type { CallOptions } from '../component/call-options.ts'
import type { Component } from '../component/component.ts'

/**
 * One array of an item, and where in the item it lies. A photo has one part; a song has a window every so many seconds.
 * `start` and `end` are in the loader's documented unit (seconds for sound).
 */
export interface Part<T> {
  readonly value: T
  readonly start?: number | undefined
  readonly end?: number | undefined
}

/**
 * Decodes an item into 0, 1 or many parts, in their order. It must not do its work on the event loop, and must be safe to call many times
 * at once. What it gives belongs to the caller.
 *
 * What SMQTK splits into `ImageReader` (a matrix, or a crop of it) and `DetectImageObjects` (boxes in a picture) are loaders too: of one part, and
 * of one part for each object.
 *
 * Errors: `LOAD_FAILED` with the cause for an item that cannot be decoded, `UNSUPPORTED_CONTENT_TYPE`, `INVALID_ARGUMENT`, `ABORTED`.
 */
export interface VectorLoader<In = unknown, T = unknown> extends Component {
  readonly kind: 'vector-loader'
  /** Changes whenever the same item would give other numbers: the options, and the version of the algorithm. Part of the producer. */
  readonly fingerprint: string
  load(input: In, options?: CallOptions): AsyncIterable<Part<T>>
  /**
   * Takes back a value that `load` gave and that nobody will touch again, so that its memory serves for the next one: hundreds of kilobytes a
   * picture otherwise keep the garbage collector busy. Calling it is optional, and so is having it; a generator calls it after extraction.
   */
  release?(value: T): void
  /** The content uuid (SHA-1 of the bytes) of an input that is no `DataElement`, where the loader can tell; it makes stored descriptors reusable. */
  contentUuid?(input: In, options?: CallOptions): Promise<string | undefined>
}
