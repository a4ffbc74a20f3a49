// Silence: which samples are loud. librosa's `effects.trim` and `effects.split`.

import { checkedSamples } from '@cbir/audio-decode/loader'
import type { Samples } from '@cbir/audio-dsp'
import type { CallOptions } from '@cbir/core'
import { CbirError } from '@cbir/core'
import { checkChoice, checkNotNegative } from './check.ts'
import { amplitudeToDb } from './decibels.ts'
import { REFERENCE_LEVELS, type ReferenceLevel } from './reference-level.ts'
import { rms } from './rms.ts'

export interface SilenceOptions extends CallOptions {
  /** How far below `ref` is silence, in dB. Default 60. */
  readonly topDb?: number | undefined
  /** The level that `topDb` is below: a number, or that of the loudest frame (default), the mean, the median or the quietest of the frames. */
  readonly ref?: number | ReferenceLevel | undefined
  /** Samples in a frame. Default 2048. */
  readonly frameLength?: number | undefined
  /** Samples from one frame to the next. Default 512. */
  readonly hopLength?: number | undefined
}

/** A stretch of samples, from `start` to before `end`. */
export interface Interval {
  readonly start: number
  readonly end: number
}

/** Whether each frame is loud. */
async function loudFrames(samples: Samples, options: SilenceOptions): Promise<boolean[]> {
  const { topDb = 60, ref = 'max', frameLength, hopLength, signal } = options
  checkNotNegative('topDb', topDb)
  if (typeof ref !== 'number') checkChoice('ref', ref, REFERENCE_LEVELS)
  else if (!Number.isFinite(ref)) throw new CbirError('INVALID_ARGUMENT', `ref must be finite; given was ${ref}.`)
  const level = await amplitudeToDb(await rms(samples, { frameLength, hopLength, signal }), { ref, topDb: null, signal })
  // No frame is above the loudest, whatever rounding says: `topDb: 0` finds none, as in librosa.
  const most = ref === 'max' ? 0 : Number.POSITIVE_INFINITY
  return Array.from(level.data, (db) => Math.min(db, most) > -topDb)
}

/**
 * The stretch from the first loud frame to the last; `{ start: 0, end: 0 }` where there is none. Cut with `samples.subarray(start, end)`.
 * @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED
 */
export async function trim(samples: Samples, options: SilenceOptions = {}): Promise<Interval> {
  const { hopLength = 512 } = options
  const { length } = checkedSamples(samples)
  const loud = await loudFrames(samples, options)
  const first = loud.indexOf(true)
  return first < 0 ? { start: 0, end: 0 } : { start: first * hopLength, end: Math.min(length, (loud.lastIndexOf(true) + 1) * hopLength) }
}

/** The loud stretches, in their order. @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED */
export async function split(samples: Samples, options: SilenceOptions = {}): Promise<Interval[]> {
  const { hopLength = 512 } = options
  const { length } = checkedSamples(samples)
  const loud = await loudFrames(samples, options)
  const intervals: Interval[] = []
  let begin = -1
  for (let t = 0; t <= loud.length; t++) {
    if (loud[t] && begin < 0) begin = t
    if (loud[t] || begin < 0) continue
    intervals.push({ start: Math.min(length, begin * hopLength), end: Math.min(length, t * hopLength) })
    begin = -1
  }
  return intervals
}
