// @cbir/audio-decode in a browser: decoders run in this thread, in slices. Run it in a worker of your own to leave the page alone.

import { Semaphore } from '@cbir/core/define'
import { type AudioBytes, audioFile } from './audio-input.ts'
import type { AudioOptions } from './audio-options.ts'
import { inlineCodecs } from './codec/inline-codecs.ts'
import { type DecodedAudio, gatherAudio } from './decode-audio.ts'
import { type AudioStream, openAudioWith } from './open-audio.ts'

export * from './exports.ts'

/** A data element, the bytes of a file, or another source of bytes. */
export type AudioInput = AudioBytes

/** As under Node, but without paths. */
export function openAudio(input: AudioInput, options?: AudioOptions): Promise<AudioStream> {
  return openAudioWith(inlineCodecs, input, options)
}

/** As under Node, but without paths. */
export async function decodeAudio(input: AudioInput, options: AudioOptions = {}): Promise<DecodedAudio> {
  const source = input instanceof Uint8Array ? audioFile(input) : input
  return gate.run(async () => gatherAudio(await openAudioWith(inlineCodecs, source, options), options.signal), options.signal)
}

const gate = new Semaphore(2)
