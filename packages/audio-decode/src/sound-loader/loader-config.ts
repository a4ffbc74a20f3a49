// The configuration that all loaders of sound share: how a recording becomes samples, and how those are cut into parts.

import { z } from 'zod'
import type { AudioDecoder } from '../audio-decoder.ts'
import { RESAMPLINGS, type Resampling } from '../resample/resampling.ts'

/** Windows of a recording, each a part of its own. */
export interface WindowsConfig {
  /** Length of a window in seconds. */
  readonly seconds: number
  /** From the start of one to the start of the next, in seconds. Default: `seconds`, one after another. */
  readonly every?: number | undefined
  /**
   * What becomes of a last window that the recording does not fill: left out (default), filled with zeros, or (`pad-short`) filled with zeros only where
   * the recording has no other.
   */
  readonly tail?: 'drop' | 'pad' | 'pad-short' | undefined
}

export interface AudioLoaderConfig {
  /** Hertz to which every recording is resampled; null leaves each as it is. Default 22050, as librosa. */
  readonly sampleRate?: number | null | undefined
  /** How. Default `'soxr_hq'`, as librosa. */
  readonly resType?: Resampling | undefined
  /** This channel alone, from 0 on; null (default) takes the mean of all. */
  readonly channel?: number | null | undefined
  /** Decoders beside those of `@cbir/audio-decode`, e.g. `[aac]`. A loader with one cannot be written as configuration. */
  readonly decoders?: readonly AudioDecoder[] | undefined
  /** A damaged recording is refused with the cause (default), or what could be decoded of it is used. */
  readonly damaged?: 'refuse' | 'use' | undefined
  /** Parts of equal length; null (default) gives the whole recording as one part. */
  readonly windows?: WindowsConfig | null | undefined
}

export interface FilledWindows {
  readonly seconds: number
  readonly every: number
  readonly tail: 'drop' | 'pad' | 'pad-short'
}

/** With every default filled in. */
export interface FilledLoaderConfig {
  readonly sampleRate: number | null
  readonly resType: Resampling
  readonly channel: number | null
  readonly decoders?: readonly AudioDecoder[] | undefined
  readonly damaged: 'refuse' | 'use'
  readonly windows: FilledWindows | null
}

const seconds = z.number().gt(0).max(86_400)

const windows = z
  .strictObject({ seconds, every: seconds.optional(), tail: z.enum(['drop', 'pad', 'pad-short']).default('drop') })
  .transform(({ seconds, every = seconds, tail }): FilledWindows => ({ seconds, every, tail }))

const isDecoder = (value: unknown): boolean => Array.isArray((value as Partial<AudioDecoder> | null)?.contentTypes)

/** By librosa's names. */
export const resType: z.ZodEnum<Record<Resampling, Resampling>> = z.enum(
  Object.fromEntries(RESAMPLINGS.map((name) => [name, name])) as Record<Resampling, Resampling>,
)

/** The fields of the schema. */
export const audioFields: Readonly<Record<string, z.ZodType>> = {
  sampleRate: z
    .int()
    .min(1)
    .max(2 ** 31)
    .nullable()
    .default(22050),
  resType: resType.default('soxr_hq'),
  channel: z.int().min(0).max(1023).nullable().default(null),
  decoders: z.array(z.any().refine(isDecoder, 'must be a decoder, such as aac of @cbir/audio-aac')).optional(),
  damaged: z.enum(['refuse', 'use']).default('refuse'),
  windows: windows.nullable().default(null),
}
