// What an adapter writes for a recording matcher.

import type { CallOptions } from '../component/call-options.ts'
import type { ContainerWriter, OpenContainer } from '../component/directory-container.ts'
import type { Layout, RowBitmap } from '../nearest-neighbors-index/dense-rows-driver.ts'

type Now<T> = Promise<T> | T

/** A sound on its way in. */
export interface SoundReader {
  readonly sampleRate: number
  /** Finite samples in chunks of at most 65 536, which nobody else will change. To be read once. */
  readonly chunks: AsyncIterable<Float32Array>
}

/** Where in which row a sound begins, in seconds, and how surely, in [0, 1]. */
export interface RowMatch {
  readonly row: number
  readonly offset: number
  readonly confidence: number
}

/**
 * Matches fingerprints (`F`) against those of numbered recordings (`S`). Core calls `fingerprint` beside anything, never a writing method beside any
 * other one of the same state, and `match` beside `match`. What throws must leave the state as it was.
 */
export interface RecordingMatcherDriver<S, F> {
  /** Facts that a saved matcher and the one that opens it must share. */
  readonly layout?: Layout | undefined
  /** A state without recordings. */
  open(): Now<S>
  /** What a recording, or a sound that is asked for, is known by; undefined where there is nothing in it to know it by. */
  fingerprint(sound: SoundReader, purpose: 'recording' | 'query', options: CallOptions): Now<F | undefined>
  /** The recording of this row, which holds none yet, or no more; rows are filled as densely as can be. */
  put(state: S, row: number, fingerprint: F, options: CallOptions): Now<void>
  match(state: S, fingerprint: F, options: CallOptions): Now<RowMatch | undefined>
  /** These rows hold no recording any more. Present: ability `remove`. */
  free?(state: S, rows: Uint32Array, options: CallOptions): Now<void>
  /** With `load`, and a container: ability `persist`. */
  save?(state: S, writer: ContainerWriter, options: CallOptions): Now<void>
  /** Reads what `save` wrote; `live`: the rows that hold a recording. The checksums are right, the content must still be checked. @throws CbirError CORRUPT_DATA */
  load?(container: OpenContainer, live: RowBitmap, options: CallOptions): Now<S>
  close?(state: S): Now<void>
}
