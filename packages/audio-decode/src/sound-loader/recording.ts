// A recording: samples of one channel, piece by piece, at the rate that a loader wants.

import { type CallOptions, CbirError } from '@cbir/core'
import type { AudioBytes } from '../audio-input.ts'
import type { AudioOptions } from '../audio-options.ts'
import type { PartialCause } from '../damage.ts'
import type { AudioStream } from '../open-audio.ts'
import { resample } from '../resample/resample.ts'
import type { FilledLoaderConfig } from './loader-config.ts'
import { checkedSamples, checkFiniteSamples, checkSampleRate, type Samples } from './samples.ts'

/** Samples that are there already: one channel, and how many of them a second. */
export interface RawSamples {
  readonly samples: Samples
  readonly sampleRate: number
}

/** What loaders take: a data element, the bytes of a file, samples, or, under Node, a path or a `file:` URL. */
export type SoundInput = AudioBytes | string | URL | RawSamples

/** `openAudio` of Node, or that of a browser, which refuses paths. */
export type OpenSound = (input: never, options: AudioOptions) => Promise<AudioStream>

/** Read `pieces` once. */
export interface Recording {
  readonly sampleRate: number
  /** Samples that the pieces will have if the file is whole, where its header says so. */
  readonly declaredSamples?: number | undefined
  /** In their order; together at least one sample. */
  pieces(): AsyncIterable<Float32Array>
}

/** Opens a recording. @throws CbirError those of `openAudio`, LOAD_FAILED, INVALID_ARGUMENT, EMPTY */
export async function openRecording(open: OpenSound, input: SoundInput, config: FilledLoaderConfig, { signal }: CallOptions): Promise<Recording> {
  if (isRawSamples(input)) return ofSamples(input, config, signal)
  const { sampleRate, resType, channel, decoders, damaged } = config
  const stream = await readable(() =>
    open(input as never, {
      resampling: resType,
      signal,
      ...(sampleRate === null ? {} : { sampleRate }),
      ...(channel === null ? {} : { channel }),
      ...(decoders ? { decoders } : {}),
    }),
  )
  async function* pieces(): AsyncGenerator<Float32Array, void, undefined> {
    let count = 0
    const chunks = stream.chunks()[Symbol.asyncIterator]()
    try {
      for (;;) {
        const step = await readable(() => chunks.next())
        if (step.done) break
        count += step.value.frames
        yield step.value.channels[0]!
      }
    } finally {
      await chunks.return?.()
      await stream.close()
    }
    if (stream.partial && damaged === 'refuse') throw damagedError(stream.partial)
    if (count === 0) throw new CbirError('EMPTY', 'The recording is whole and holds no sound.')
  }
  return { sampleRate: stream.sampleRate, declaredSamples: stream.declaredFrames, pieces }
}

function isRawSamples(input: SoundInput): input is RawSamples {
  return typeof input === 'object' && input !== null && 'samples' in input && 'sampleRate' in input
}

/** The samples are copied before this gives its promise. */
async function ofSamples(input: RawSamples, config: FilledLoaderConfig, signal: AbortSignal | undefined): Promise<Recording> {
  checkSampleRate(input.sampleRate)
  const samples = Float32Array.from(checkedSamples(input.samples))
  await readable(() => checkFiniteSamples(samples, 0, signal))
  const to = config.sampleRate ?? input.sampleRate
  const resampled = to === input.sampleRate ? samples : await resample(samples, { from: input.sampleRate, to, method: config.resType, signal })
  return {
    sampleRate: to,
    async *pieces() {
      yield resampled
    },
  }
}

/** Bytes that are no sound, and samples that are no numbers, are what a loader could not load. */
export async function readable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (CbirError.isInstance(error, 'CORRUPT_DATA') || CbirError.isInstance(error, 'NOT_FINITE'))
      throw new CbirError('LOAD_FAILED', error.message, { cause: error, details: error.details })
    throw error
  }
}

function damagedError(partial: PartialCause): CbirError {
  return new CbirError(
    'LOAD_FAILED',
    `The recording is damaged: ${partial.message}. To use what can be decoded of such recordings, give the loader \`damaged: 'use'\`.`,
    { details: { partial } },
  )
}
