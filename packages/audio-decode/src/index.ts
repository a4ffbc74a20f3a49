// @cbir/audio-decode: files of sound to samples, under Node: decoders run in threads, and paths can be opened.

import { fileURLToPath } from 'node:url'
import { Semaphore } from '@cbir/core/define'
import { fileDataElement } from '@cbir/core/node'
import { type AudioBytes, audioFile } from './audio-input.ts'
import type { AudioOptions } from './audio-options.ts'
import { sharedThreads, threadCount } from './codec/codec-threads.ts'
import { type DecodedAudio, gatherAudio } from './decode-audio.ts'
import { type AudioStream, openAudioWith } from './open-audio.ts'

export * from './exports.ts'

/** A data element, the bytes of a file, another source of bytes, a path, or a `file:` URL. */
export type AudioInput = AudioBytes | string | URL

/**
 * Opens a sound to be read chunk by chunk, in memory that does not grow with its length.
 * @throws CbirError EMPTY, UNSUPPORTED_CONTENT_TYPE (names the package to pass where there is one), CORRUPT_DATA, INVALID_ARGUMENT, NOT_FOUND, IO_FAILED,
 * ABORTED
 */
export function openAudio(input: AudioInput, options?: AudioOptions): Promise<AudioStream> {
  return openAudioWith(sharedThreads, elementOf(input), options)
}

/**
 * Decodes a whole sound. What is damaged gives what could be decoded, with the cause in `partial`. Any number may be asked for at once: a few more
 * than there are threads are decoded together, the others wait.
 * @throws CbirError as {@link openAudio}; CORRUPT_DATA where nothing could be decoded
 */
export async function decodeAudio(input: AudioInput, options: AudioOptions = {}): Promise<DecodedAudio> {
  const element = elementOf(input)
  // Bytes are copied now, not when their turn comes.
  const source = element instanceof Uint8Array ? audioFile(element) : element
  return gate.run(async () => gatherAudio(await openAudioWith(sharedThreads, source, options), options.signal), options.signal)
}

const gate = new Semaphore(2 * threadCount())

function elementOf(input: AudioInput): AudioBytes {
  if (typeof input === 'string') return fileDataElement(input)
  return input instanceof URL ? fileDataElement(fileURLToPath(input)) : input
}
