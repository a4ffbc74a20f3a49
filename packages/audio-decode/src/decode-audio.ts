// decodeAudio: a whole sound in memory.

import { inSlices } from '@cbir/core/define'
import type { PartialCause } from './damage.ts'
import type { AudioChunk, AudioStream } from './open-audio.ts'

export interface DecodedAudio {
  /**
   * Samples; of several channels (`mono: false`) one channel after the other, so channel c is `samples.subarray(c · frames, (c + 1) · frames)`.
   * Length 0 for a file that is whole and holds no sound.
   */
  readonly samples: Float32Array<ArrayBuffer>
  /** Samples of each channel. */
  readonly frames: number
  readonly channels: number
  /** Hertz. */
  readonly sampleRate: number
  /** How it was coded: `mp3`, `flac`, … */
  readonly encoding: string
  /** What was found damaged; absent where the file is whole. */
  readonly partial?: PartialCause | undefined
}

/** Samples copied between two looks at the clock. */
const STEP = 1 << 18

/** Everything that a stream gives. */
export async function gatherAudio(stream: AudioStream, signal: AbortSignal | undefined): Promise<DecodedAudio> {
  const chunks: AudioChunk[] = []
  let frames = 0
  for await (const chunk of stream.chunks()) {
    chunks.push(chunk)
    frames += chunk.frames
  }
  const { channels, sampleRate, encoding, partial } = stream
  const samples = new Float32Array(frames * channels)
  const step = Math.max(1, Math.floor((STEP * chunks.length) / Math.max(1, samples.length)))
  await inSlices(
    chunks.length,
    step,
    (from, to) => {
      for (const { channels: parts, start } of chunks.slice(from, to)) for (const [c, part] of parts.entries()) samples.set(part, c * frames + start)
    },
    signal,
  )
  return { samples, frames, channels, sampleRate, encoding, ...(partial ? { partial } : {}) }
}
