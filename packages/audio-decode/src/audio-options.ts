// What can be asked of a sound, and the checks of it.

import type { CallOptions } from '@cbir/core'
import { CbirError, describeType } from '@cbir/core'
import type { AudioDecoder } from './audio-decoder.ts'
import { RESAMPLINGS, type Resampling } from './resample/resampling.ts'

export interface AudioOptions extends CallOptions {
  /** Decoders beside those of this package, e.g. `[aac]`. They come first. */
  readonly decoders?: readonly AudioDecoder[] | undefined
  /** Hertz of what is given; that of the file where not given. */
  readonly sampleRate?: number | undefined
  /** How another rate is reached; `soxr_hq` where not given, as in librosa. */
  readonly resampling?: Resampling | undefined
  /** Whether channels are mixed into one, as their mean; true where not given, as in librosa. */
  readonly mono?: boolean | undefined
  /** This channel alone, from 0 on, in place of a mix. */
  readonly channel?: number | undefined
  /** Seconds to leave out at the beginning; 0 where not given. */
  readonly start?: number | undefined
  /** Seconds to give at most; everything where not given. */
  readonly duration?: number | undefined
}

/** @throws CbirError INVALID_ARGUMENT */
export function checkAudioOptions(options: AudioOptions): void {
  const { decoders = [], sampleRate, resampling, channel, start, duration } = options
  if (!Array.isArray(decoders) || !decoders.every(isDecoder)) {
    throw invalid('decoders', 'a list of decoders, such as [aac]', decoders)
  }
  if (sampleRate !== undefined && !(Number.isInteger(sampleRate) && sampleRate > 0 && sampleRate <= 2 ** 31)) {
    throw invalid('sampleRate', 'a positive whole number of hertz', sampleRate)
  }
  if (resampling !== undefined && !RESAMPLINGS.includes(resampling)) throw invalid('resampling', `one of ${RESAMPLINGS.join(', ')}`, resampling)
  if (channel !== undefined && !(Number.isInteger(channel) && channel >= 0)) throw invalid('channel', 'a whole number from 0 on', channel)
  for (const [name, seconds] of Object.entries({ start, duration })) {
    if (seconds !== undefined && !(Number.isFinite(seconds) && seconds >= 0)) throw invalid(name, 'seconds, 0 or more', seconds)
  }
}

function isDecoder(value: unknown): value is AudioDecoder {
  const decoder = value as Partial<AudioDecoder> | null
  return typeof decoder === 'object' && decoder !== null && Array.isArray(decoder.contentTypes) && typeof decoder.open === 'function'
}

function invalid(name: string, expected: string, got: unknown): CbirError {
  const shown = typeof got === 'number' || typeof got === 'string' ? JSON.stringify(got) : describeType(got)
  return new CbirError('INVALID_ARGUMENT', `${name} must be ${expected}; got ${shown}.`)
}
