// RecordingMatcher: is this very recording in there, and where.

import type { CallOptions } from '../component/call-options.ts'
import type { Component } from '../component/component.ts'
import type { Source } from '../vectors/source.ts'

/** One channel of sound. */
export interface Sound {
  /** Finite numbers, usually in [−1, 1]: all at once, or in chunks of any length, which are never all kept. */
  readonly samples: Float32Array | Source<Float32Array>
  /** Samples a second, above 0. */
  readonly sampleRate: number
}

/** A sound and the name that it will be found by. */
export interface Recording {
  readonly id: string
  readonly sound: Sound
}

/** The recording that a sound was cut from. */
export interface RecordingMatch {
  readonly id: string
  /** Where in the recording the sound begins, in seconds; negative where it begins before the recording does. */
  readonly offset: number
  /** How sure the matcher is that this is no chance, in [0, 1]. */
  readonly confidence: number
}

/** What an instance can do beyond add and match. */
export type RecordingMatcherCapability = 'remove' | 'persist'

/**
 * Recognises recordings by a part of them, also in noise: the same recording, not the same song or voice. A sound that is not in there gets no
 * match, which is an answer and no error; so does a sound that is too short or too quiet to tell, and any sound where nothing was added.
 *
 * Errors that every matcher gives alike: INVALID_ARGUMENT (no sound, a sample rate that is no number above 0), NOT_FINITE, DUPLICATE_UID (the id is
 * there already, or twice in a removal), UNKNOWN_UID, EMPTY (a recording that holds nothing to recognise it by), NOT_SUPPORTED, SOURCE_FAILED, ABORTED,
 * DISPOSED. An error leaves the matcher as it was.
 *
 * What is passed may be changed once the call has returned its promise; a chunk of a `Source` must stay until the next one is asked for.
 */
export interface RecordingMatcher extends Component {
  readonly kind: 'recording-matcher'
  /** What this instance can do; see `supports`. The method of an ability that it lacks throws NOT_SUPPORTED. */
  readonly capabilities: ReadonlySet<RecordingMatcherCapability>
  /** Recordings in it. */
  readonly count: number
  has(id: string): boolean
  /** Adds a recording; progress counts its samples. Gives the count. @throws CbirError DUPLICATE_UID, EMPTY, NOT_FINITE, INVALID_ARGUMENT */
  add(id: string, sound: Sound, options?: CallOptions): Promise<number>
  /** Adds recordings one after another; progress counts them. What was added before an error stands: `details.recordingsAdded`. Gives the count. */
  addMany(recordings: Source<Recording>, options?: CallOptions): Promise<number>
  /** The recording that the sound is part of; undefined for none. Progress counts samples. @throws CbirError NOT_FINITE, INVALID_ARGUMENT */
  match(sound: Sound, options?: CallOptions): Promise<RecordingMatch | undefined>
  /** One answer for each sound, in their order; progress counts them. */
  matchMany(sounds: Source<Sound>, options?: CallOptions): Promise<(RecordingMatch | undefined)[]>
  /** Waits for calls in flight, flushes, frees. */
  dispose(): Promise<void>
}

/** Ability `remove`. */
export interface RemovableRecordingMatcher {
  /** Gives the count. @throws CbirError UNKNOWN_UID (`details.uids`; nothing is removed), DUPLICATE_UID */
  remove(ids: Iterable<string>, options?: CallOptions): Promise<number>
}

/** Ability `persist`. */
export interface PersistableRecordingMatcher {
  /** Writes everything into a directory, whole or not at all. @throws CbirError IO_FAILED */
  save(directory: string, options?: CallOptions): Promise<void>
  /** Writes what changed to the directory that the matcher was opened with; nothing to do without one. @throws CbirError IO_FAILED */
  flush(options?: CallOptions): Promise<void>
}

/** The methods that come with each ability. */
export interface RecordingMatcherMethods {
  readonly remove: RemovableRecordingMatcher
  readonly persist: PersistableRecordingMatcher
}
