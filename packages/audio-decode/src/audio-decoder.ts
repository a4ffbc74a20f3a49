// What a decoder of sound is: an object that opens files of some content types. Others publish their own; they are passed as `decoders`.

import type { CallOptions } from '@cbir/core'
import type { CodecHost } from './codec/codec-host.ts'
import type { DamageLog } from './damage.ts'

/** The bytes of a file, from their beginning, as often as they are asked for. */
export interface AudioSource {
  /** A name for messages. */
  readonly label: string
  stream(options?: CallOptions): AsyncIterable<Uint8Array>
}

/** What a decoder works with beside the file. */
export interface DecodeContext {
  /** Where packets are decoded: threads under Node. */
  readonly codecs: CodecHost
  /** What is wrong with the file and could be got over is told here. */
  readonly damage: DamageLog
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: CallOptions['onProgress']
}

/** Channels of equal length, samples between -1 and 1 (floating-point files may go beyond). */
export type Block = readonly Float32Array[]

/** A file whose header was read. Whoever opens it closes it. */
export interface OpenedAudio {
  /** How the samples are coded, for people: `mp3`, `flac`, `wav (24-bit)`. */
  readonly encoding: string
  /** Hertz; at least 1. */
  readonly sampleRate: number
  /** At least 1. */
  readonly channels: number
  /** Frames (samples of one channel) that the header promises; `undefined` where it does not. */
  readonly declaredFrames?: number | undefined
  /** The sound in order, once. Every block has `channels` arrays. */
  blocks(): AsyncGenerator<Block, void, undefined>
  /** Frees the decoder; any number of times. */
  close(): Promise<void>
}

/**
 * Decodes files of some content types. `open` reads the header. What is damaged but can be got over goes to `context.damage`.
 * @see CbirError CORRUPT_DATA for what cannot be read at all, UNSUPPORTED_CONTENT_TYPE for a variant that this decoder does not know
 */
export interface AudioDecoder {
  /** Content types, such as `audio/mpeg`. */
  readonly contentTypes: readonly string[]
  open(source: AudioSource, context: DecodeContext): Promise<OpenedAudio>
}
