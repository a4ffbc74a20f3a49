// Beats: places that are loud and equally far apart, by dynamic programming (Ellis 2007). librosa's `beat.beat_track`.

import type { Samples } from '@cbir/audio-dsp'
import type { CallOptions } from '@cbir/core'
import { checkChoice, checkInteger, checkPositive, checkSampleRate } from './check.ts'
import { EVENT_UNITS, type EventUnits, eventsIn } from './event-units.ts'
import { medianOf } from './median.ts'
import { envelopeOf } from './onset-detect.ts'
import { eachFrame } from './per-frame.ts'
import { roundHalfEven } from './round-half-even.ts'
import { tempo } from './tempo.ts'

export interface BeatTrackOptions extends CallOptions {
  /** Samples a second. */
  readonly sampleRate: number
  /** Samples from frame to frame. Default 512. */
  readonly hopLength?: number | undefined
  /** Onset strength of each frame, where it is known already. */
  readonly onsetEnvelope?: Float32Array | undefined
  /** Where the search for the tempo begins, in beats a minute. Default 120. */
  readonly startBpm?: number | undefined
  /** Logarithm of how likely a tempo in beats a minute is, in place of `startBpm`: as in `tempo`. */
  readonly prior?: ((bpm: number) => number) | undefined
  /** How strictly beats keep the tempo. Default 100. */
  readonly tightness?: number | undefined
  /** Whether weak beats at the ends are left out. Default true. */
  readonly trim?: boolean | undefined
  /** The tempo, where it is known. */
  readonly bpm?: number | undefined
  /** Default `'frames'`. */
  readonly units?: EventUnits | undefined
}

export interface Beats {
  /** Beats a minute; 0 where nothing is heard. */
  readonly tempo: number
  readonly beats: readonly number[]
}

/** The smallest normal float, by which librosa keeps from dividing by 0. */
const TINY = 2 ** -126

/**
 * Tempo and beats. None in silence.
 * @param samples may be left out (undefined) where `onsetEnvelope` is given
 * @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED
 */
export async function beatTrack(samples: Samples | undefined, options: BeatTrackOptions): Promise<Beats> {
  const { sampleRate, hopLength = 512, startBpm = 120, tightness = 100, trim = true, units = 'frames', signal } = options
  checkSampleRate(sampleRate)
  checkInteger('hopLength', hopLength, 1)
  checkPositive('tightness', tightness)
  checkPositive('startBpm', startBpm)
  checkChoice('units', units, EVENT_UNITS)
  if (options.bpm !== undefined) checkPositive('bpm', options.bpm)
  const envelope = await envelopeOf(samples, options, 'median')
  if (envelope.every((value) => value === 0)) return { tempo: 0, beats: [] }
  const bpm = options.bpm ?? (await tempo(undefined, { sampleRate, hopLength, onsetEnvelope: envelope, startBpm, prior: options.prior, signal }))
  const period = Math.max(1, roundHalfEven(((sampleRate / hopLength) * 60) / bpm))
  checkInteger('the frames from beat to beat', period, 1, 2 ** 20)
  const score = await localScore(normalised(envelope), period, signal)
  const beats = await bestPath(score, period, tightness, signal)
  return { tempo: bpm, beats: eventsIn(units, trimmed(beats, score, trim), hopLength, sampleRate) }
}

/** Divided by its standard deviation. */
function normalised(envelope: Float32Array): Float64Array {
  const count = envelope.length
  const mean = envelope.reduce((sum, value) => sum + value, 0) / count
  const variance = envelope.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, count - 1)
  return Float64Array.from(envelope, (value) => value / (Math.sqrt(variance) + TINY))
}

/** The strength smoothed by a bell whose width is a thirty-second of the period. */
async function localScore(onsets: Float64Array, period: number, signal: AbortSignal | undefined): Promise<Float64Array> {
  const bell = Float64Array.from({ length: 2 * period + 1 }, (_, i) => Math.exp(-0.5 * (((i - period) * 32) / period) ** 2))
  const score = new Float64Array(onsets.length)
  await eachFrame(
    onsets.length,
    bell.length,
    (i) => {
      let sum = 0
      const end = Math.min(i + period, bell.length)
      for (let k = Math.max(0, i + period - onsets.length + 1); k < end; k++) sum += bell[k]! * onsets[i + period - k]!
      score[i] = sum
    },
    signal,
  )
  return score
}

/** The frames of the beats on the best path, ascending. */
async function bestPath(score: Float64Array, period: number, tightness: number, signal: AbortSignal | undefined): Promise<number[]> {
  const count = score.length
  const nearest = roundHalfEven(period / 2)
  const farthest = 2 * period
  const penalty = Float64Array.from({ length: farthest + 1 }, (_, lag) => tightness * (Math.log(Math.max(1, lag)) - Math.log(period)) ** 2)
  const threshold = 0.01 * score.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const before = new Int32Array(count).fill(-1)
  const total = new Float64Array(count)
  let first = true
  await eachFrame(
    count,
    farthest,
    (i) => {
      let best = Number.NEGATIVE_INFINITY
      let place = -1
      for (let lag = Math.max(1, nearest); lag <= farthest && lag <= i; lag++) {
        const value = total[i - lag]! - penalty[lag]!
        if (value > best) [best, place] = [value, i - lag]
      }
      total[i] = score[i]! + (place >= 0 ? best : 0)
      if (first && score[i]! < threshold) return
      before[i] = place
      first = false
    },
    signal,
  )
  const beats: number[] = []
  for (let frame = lastBeat(total); frame >= 0; frame = before[frame]!) beats.push(frame)
  return beats.reverse()
}

/** The last local maximum of at least half the median of all local maxima. */
function lastBeat(total: Float64Array): number {
  const last = total.length - 1
  const peaks: number[] = []
  for (let i = 1; i <= last; i++) if (total[i]! > total[i - 1]! && (i === last || total[i]! >= total[i + 1]!)) peaks.push(i)
  if (peaks.length === 0) return last
  const threshold = 0.5 * medianOf(Float64Array.from(peaks, (i) => total[i]!))
  return peaks.findLast((i) => total[i]! >= threshold) ?? last
}

/** Without the beats before the first, and after the last, frame that is loud enough. */
function trimmed(beats: readonly number[], score: Float64Array, trim: boolean): number[] {
  // librosa smooths the scores at the beats by a Hann window of 5, which is ½, 1, ½ between zeros, and looks from its middle on.
  const at = (i: number): number => (i >= 0 && i < beats.length ? score[beats[i]!]! : 0)
  const length = Math.min(beats.length + 2, score.length)
  let squares = 0
  for (let i = 0; i < length; i++) squares += (0.5 * at(i - 1) + at(i) + 0.5 * at(i + 1)) ** 2
  const threshold = trim ? 0.5 * Math.sqrt(squares / length) : 0
  const first = score.findIndex((value) => value > threshold)
  const last = score.findLastIndex((value) => value > threshold)
  return beats.filter((beat) => beat >= first && beat <= last && first >= 0)
}
