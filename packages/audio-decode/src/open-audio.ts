// openAudio: a sound as a stream of chunks, mixed, cut and resampled on its way, in bounded memory.

import { type CallOptions, CbirError, type Progress } from '@cbir/core'
import { abortError, TimeSlice, throwIfAborted } from '@cbir/core/define'
import type { AudioDecoder, Block, DecodeContext, OpenedAudio } from './audio-decoder.ts'
import { type AudioBytes, audioFile, PeekedSource } from './audio-input.ts'
import { type AudioOptions, checkAudioOptions } from './audio-options.ts'
import type { CodecHost } from './codec/codec-host.ts'
import { chooseDecoder, sniffAudio, sniffBytes } from './content-type.ts'
import { corrupt, DamageLog, type PartialCause } from './damage.ts'
import { flacDecoder } from './flac/flac-decoder.ts'
import { mp3Decoder } from './mp3/mp3-decoder.ts'
import { oggDecoder } from './ogg/ogg-decoder.ts'
import { createResampler, pieces, prepareResampler } from './resample/resample.ts'
import type { Resampler } from './resample/resampler.ts'
import { wavDecoder } from './wav/wav-decoder.ts'

/** A piece of sound. It belongs to the reader. */
export interface AudioChunk {
  /** One array for each channel, of equal length. */
  readonly channels: readonly Float32Array[]
  /** Their length; at least 1. */
  readonly frames: number
  /** Number of the first frame, from 0 on. */
  readonly start: number
}

/** An open sound. Read `chunks` once, or `close` it. */
export interface AudioStream {
  /** How it is coded: `mp3`, `flac`, `vorbis`, `opus`, `wav (16-bit)`, … */
  readonly encoding: string
  /** Hertz of the chunks. */
  readonly sampleRate: number
  /** Channels of the chunks. */
  readonly channels: number
  /** Frames that the chunks will have if the file is whole; `undefined` where its header does not say. */
  readonly declaredFrames: number | undefined
  /** What the file holds, before mixing and resampling. */
  readonly source: { readonly sampleRate: number; readonly channels: number; readonly declaredFrames: number | undefined }
  /**
   * The sound in order, once. Leaving early frees the decoder.
   * @throws CbirError CORRUPT_DATA where nothing could be decoded, ABORTED, SOURCE_FAILED, IO_FAILED
   */
  chunks(): AsyncIterable<AudioChunk>
  /** What was found damaged so far; complete when the chunks have ended. */
  readonly partial: PartialCause | undefined
  /** Frees the decoder; any number of times. */
  close(): Promise<void>
}

/** Frames of a chunk that is not as a decoder gave it. */
const MOST_FRAMES = 1 << 16

/** The decoders of this package. */
export const DECODERS: readonly AudioDecoder[] = [wavDecoder, mp3Decoder, flacDecoder, oggDecoder]

/** `openAudio` for a place where codecs run in `codecs`. */
export async function openAudioWith(codecs: CodecHost, input: AudioBytes, options: AudioOptions = {}): Promise<AudioStream> {
  checkAudioOptions(options)
  const { signal, decoders = [] } = options
  const file = audioFile(input)
  throwIfAborted(signal)
  // Progress is told in frames below, not in the bytes of the source.
  const call: CallOptions = { signal }
  const source = new PeekedSource(file, call)
  try {
    const head = await source.peek(await bytesToSniff(source))
    if (head.length === 0) throw new CbirError('EMPTY', `${file.label} has no bytes. A file of sound was expected.`)
    const type = sniffAudio(head)
    const all = [...decoders, ...DECODERS]
    const takes = (wanted: string | undefined): boolean => all.some(({ contentTypes }) => wanted !== undefined && contentTypes.includes(wanted))
    // A damaged beginning may not be recognised; then what the element says counts.
    const said = takes(type) ? undefined : await file.contentType(call)
    const decoder = chooseDecoder(takes(said) ? said : (type ?? said), all, file.label)
    const damage = new DamageLog(file.label)
    const context: DecodeContext = { codecs, damage, signal }
    const opened = await decoder.open(source, context)
    return await audioStream(opened, context, options)
  } catch (error) {
    await source.close()
    if (signal?.aborted && !CbirError.isInstance(error, 'ABORTED')) throw abortError(signal)
    throw error
  }
}

async function bytesToSniff(source: PeekedSource): Promise<number> {
  return sniffBytes(await source.peek(10))
}

/** The options applied to what a decoder opened. */
async function audioStream(opened: OpenedAudio, context: DecodeContext, options: AudioOptions): Promise<AudioStream> {
  const { damage } = context
  const { sampleRate: rate, channels, declaredFrames } = opened
  const { sampleRate = rate, resampling = 'soxr_hq', mono = true, channel, start = 0, duration, signal, onProgress } = options
  if (channel !== undefined && channel >= channels) {
    await opened.close()
    throw new CbirError('INVALID_ARGUMENT', `channel must be below the number of channels of ${damage.label}, ${channels}; got ${channel}.`)
  }
  const choose = channel !== undefined ? (block: Block) => [block[channel]!] : mono && channels > 1 ? (block: Block) => [mean(block)] : undefined
  const width = choose ? 1 : channels
  const first = Math.floor(start * rate)
  const most = duration === undefined ? Number.POSITIVE_INFINITY : Math.floor(duration * rate)
  const declaredPart = declaredFrames === undefined ? undefined : Math.max(0, Math.min(declaredFrames - first, most))
  const declared = declaredPart === undefined ? undefined : Math.ceil((declaredPart * sampleRate) / rate)
  let read = false

  async function* chunks(): AsyncGenerator<AudioChunk, void, undefined> {
    if (read) throw new CbirError('INVALID_ARGUMENT', 'The chunks of a sound can be read once. Open it again.')
    read = true
    const resamplers = sampleRate === rate ? undefined : Array.from({ length: width }, () => createResampler(rate, sampleRate, resampling))
    const slice = new TimeSlice()
    let at = 0
    const chunk = (samples: readonly Float32Array[]): AudioChunk => {
      const made = { channels: samples, frames: samples[0]!.length, start: at }
      at += made.frames
      onProgress?.(progress(at, declared))
      return made
    }
    const counted = { frames: 0 }
    try {
      if (resamplers) await prepareResampler(rate, sampleRate, resampling, signal)
      for await (const block of part(opened.blocks(), first, most, counted)) {
        throwIfAborted(signal)
        const chosen = choose ? choose(block) : block
        if (!resamplers) yield chunk(chosen)
        for (const made of resamplers ? push(resamplers, chosen) : []) {
          if (made[0]!.length > 0) yield chunk(made)
          if (slice.due()) await slice.pause()
          throwIfAborted(signal)
        }
        if (slice.due()) await slice.pause()
      }
      if (counted.frames === 0 && damage.count > 0) throw corrupt(damage.label, `nothing could be decoded: ${damage.partial?.findings[0]?.message}`)
      if (resamplers) {
        const rest: Float32Array[] = []
        for (const resampler of resamplers) rest.push(await resampler.finish(signal))
        // The whole sound, where it was resampled as a whole.
        for (let from = 0; from < rest[0]!.length; from += MOST_FRAMES) {
          yield chunk(rest.map((channel) => channel.slice(from, from + MOST_FRAMES)))
          if (slice.due()) await slice.pause()
          throwIfAborted(signal)
        }
      }
    } catch (error) {
      if (signal?.aborted && !CbirError.isInstance(error, 'ABORTED')) throw abortError(signal)
      throw error
    } finally {
      await opened.close()
    }
  }

  return {
    encoding: opened.encoding,
    sampleRate,
    channels: width,
    declaredFrames: declared,
    source: { sampleRate: rate, channels, declaredFrames },
    chunks,
    get partial() {
      return damage.partial
    },
    close: () => opened.close(),
  }
}

function progress(done: number, total: number | undefined): Progress {
  return total === undefined ? { done } : { done, total }
}

/** `most` frames from frame `first` on; `counted` gets the frames seen. */
async function* part(
  blocks: AsyncGenerator<Block, void, undefined>,
  first: number,
  most: number,
  counted: { frames: number },
): AsyncGenerator<Block, void, undefined> {
  if (most <= 0) {
    counted.frames = 1
    return
  }
  for await (const block of blocks) {
    const length = block[0]!.length
    const from = Math.max(0, first - counted.frames)
    const to = Math.min(length, first + most - counted.frames)
    counted.frames += length
    if (to > from) yield to - from === length ? block : block.map((channel) => channel.subarray(from, to))
    if (counted.frames >= first + most) return
  }
}

/** The mean of all channels, as librosa's `to_mono`. */
function mean(block: Block): Float32Array {
  const [left, right] = block
  const mixed = new Float32Array(left!.length)
  if (block.length === 2) {
    for (let i = 0; i < mixed.length; i++) mixed[i] = (left![i]! + right![i]!) / 2
    return mixed
  }
  for (let i = 0; i < mixed.length; i++) {
    let sum = 0
    for (const channel of block) sum += channel[i]!
    mixed[i] = sum / block.length
  }
  return mixed
}

function* push(resamplers: readonly Resampler[], block: Block): Generator<Float32Array[]> {
  const cut = block.map((channel) => [...pieces(channel, resamplers[0]!.piece)])
  for (let i = 0; i < cut[0]!.length; i++) yield resamplers.map((resampler, channel) => resampler.push(cut[channel]![i]!))
}
