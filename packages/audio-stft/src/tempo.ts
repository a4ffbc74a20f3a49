// Tempo: the period at which the onset strength repeats itself, weighted by what is usual (Grosche, Müller and Kurth 2010). librosa's `feature.tempo`.

import type { Samples, WindowSpec } from '@cbir/audio-dsp'
import { windowOf } from '@cbir/audio-dsp'
import { type CallOptions, CbirError } from '@cbir/core'
import { inSlices } from '@cbir/core/define'
import { autocorrelations } from './autocorrelate.ts'
import { checkChoice, checkInteger, checkPositive, checkSampleRate } from './check.ts'
import { type Matrix, toMatrix } from './matrix.ts'
import { medianOf } from './median.ts'
import { checkNorm, lengthOf, type Norm } from './norm.ts'
import { envelopeOf } from './onset-detect.ts'

export interface TempogramOptions extends CallOptions {
  /** Samples a second. */
  readonly sampleRate: number
  /** Samples from frame to frame. Default 512. */
  readonly hopLength?: number | undefined
  /** Onset strength of each frame, where it is known already. */
  readonly onsetEnvelope?: Float32Array | undefined
  /** Frames over which is correlated, at least 1. Default 384. */
  readonly winLength?: number | undefined
  /** Weights of these frames. Default `'hann'`. */
  readonly window?: WindowSpec | undefined
  /** Whether column t is centred at frame t, the strengths falling to 0 beyond the ends (default), or begins there. */
  readonly center?: boolean | undefined
  /** Norm that every column is brought to. Default `'inf'`. */
  readonly norm?: Norm | undefined
}

/** Which frames are correlated, and what becomes of a correlation. */
interface Tempogram {
  readonly winLength: number
  readonly window: WindowSpec
  readonly center: boolean
  readonly norm: Norm
}

/** Numbers of a tempogram that is kept whole. */
const MOST_NUMBERS = 2 ** 30

/** How many columns there are. @throws CbirError EMPTY, INVALID_ARGUMENT */
function columnsOf(envelope: Float32Array, { center, winLength }: Tempogram): number {
  const columns = center ? envelope.length : envelope.length - winLength + 1
  if (columns < 1) {
    throw new CbirError(
      'EMPTY',
      `${envelope.length} frames of onset strength do not fill a window of ${winLength}. Give a longer signal, a smaller winLength, or \`center: true\`.`,
    )
  }
  if (columns * winLength > MOST_NUMBERS) {
    throw new CbirError('INVALID_ARGUMENT', `A tempogram of ${columns} frames and ${winLength} lags is too large. Take a smaller winLength (acSize).`)
  }
  return columns
}

/** Calls `take` for the local autocorrelation of every column: winLength lags, from 0. */
async function localAutocorrelations(
  envelope: Float32Array,
  tempogram: Tempogram,
  take: (column: number, correlation: Float64Array) => void,
  options: CallOptions,
): Promise<void> {
  const { winLength, center, norm } = tempogram
  const window = windowOf(tempogram.window, winLength)
  const half = center ? Math.floor(winLength / 2) : 0
  const last = envelope.length - 1
  // What is beyond the ends falls to 0 along a straight line.
  const strength = (i: number): number => {
    if (i < 0) return (envelope[0]! * (half + i)) / half
    return i <= last ? envelope[i]! : (envelope[last]! * (half - (i - last))) / half
  }
  const fill = (t: number, into: Float64Array): void => {
    for (let i = 0; i < winLength; i++) into[i] = strength(t - half + i) * window[i]!
  }
  const normalised = (t: number, correlation: Float64Array): void => {
    if (norm !== null) {
      const length = lengthOf(correlation, 0, winLength, norm)
      for (let i = 0; i < winLength; i++) correlation[i]! /= length
    }
    take(t, correlation)
  }
  await autocorrelations(columnsOf(envelope, tempogram), winLength, winLength, fill, normalised, options)
}

/**
 * Local autocorrelation of the onset strength, (winLength, frames): row i speaks of a period of i frames.
 * @param samples may be left out (undefined) where `onsetEnvelope` is given
 * @throws CbirError INVALID_ARGUMENT, EMPTY (also without `center` where there are fewer frames than `winLength`), NOT_FINITE, ABORTED
 */
export async function tempogram(samples: Samples | undefined, options: TempogramOptions): Promise<Matrix> {
  const { winLength = 384, window = 'hann', center = true, norm = 'inf', signal } = options
  checkSampleRate(options.sampleRate)
  checkInteger('winLength', winLength, 1, 2 ** 20)
  checkNorm('norm', norm)
  const shape: Tempogram = { winLength, window, center, norm }
  const envelope = await envelopeOf(samples, options)
  const frames = columnsOf(envelope, shape)
  const data = new Float32Array(frames * winLength)
  await localAutocorrelations(envelope, shape, (t, correlation) => data.set(correlation, t * winLength), options)
  return toMatrix({ data, frames, bins: winLength }, signal)
}

const AGGREGATES = ['mean', 'median', 'max', 'min'] as const

export interface TempoOptions extends Omit<TempogramOptions, 'winLength' | 'window' | 'center' | 'norm'> {
  /** Tempo that is most likely before anything is heard, in beats a minute. Default 120. */
  readonly startBpm?: number | undefined
  /** Standard deviation of that in octaves. Default 1. */
  readonly stdBpm?: number | undefined
  /** Logarithm of how likely a tempo in beats a minute is, in place of `startBpm` and `stdBpm`: the `logpdf` of librosa's `prior`. */
  readonly prior?: ((bpm: number) => number) | undefined
  /** Seconds over which is correlated. Default 8. */
  readonly acSize?: number | undefined
  /** In beats a minute; null for no limit. Default 320. */
  readonly maxTempo?: number | null | undefined
  /** How the tempograms of all frames become one. null: every frame has a tempo of its own. Default `'mean'`. */
  readonly aggregate?: (typeof AGGREGATES)[number] | null | undefined
}

/**
 * Beats a minute; with `aggregate: null` those of each frame. As in librosa the answer is the tempo of a lag, which is a whole number of frames.
 * @param samples may be left out (undefined) where `onsetEnvelope` is given
 * @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED
 */
export async function tempo(samples: Samples | undefined, options: TempoOptions & { readonly aggregate: null }): Promise<Float64Array>
export async function tempo(
  samples: Samples | undefined,
  options: TempoOptions & { readonly aggregate?: (typeof AGGREGATES)[number] | undefined },
): Promise<number>
export async function tempo(samples: Samples | undefined, options: TempoOptions): Promise<number | Float64Array> {
  const { sampleRate, hopLength = 512, acSize = 8, aggregate = 'mean' } = options
  checkSampleRate(sampleRate)
  checkInteger('hopLength', hopLength, 1)
  checkPositive('acSize', acSize)
  if (aggregate !== null) checkChoice('aggregate', aggregate, AGGREGATES)
  const winLength = Math.floor(Math.trunc(acSize * sampleRate) / hopLength)
  checkInteger('the frames of acSize', winLength, 2, 2 ** 20)
  const bpms = Float64Array.from({ length: winLength }, (_, lag) => (60 * sampleRate) / (hopLength * lag))
  const priors = priorsOf(bpms, options)
  const envelope = await envelopeOf(samples, options)
  const shape: Tempogram = { winLength, window: 'hann', center: true, norm: 'inf' }
  if (aggregate === null) {
    const tempos = new Float64Array(envelope.length)
    const keep = (t: number, correlation: Float64Array): void => {
      tempos[t] = bpms[likeliestLag(correlation, priors)]!
    }
    await localAutocorrelations(envelope, shape, keep, options)
    return tempos
  }
  const whole = aggregate === 'median' ? await medians(envelope, shape, options) : await running(envelope, shape, aggregate, options)
  return bpms[likeliestLag(whole, priors)]!
}

/** What is known of each lag's tempo before anything is heard: a logarithm. */
function priorsOf(bpms: Float64Array, { startBpm = 120, stdBpm = 1, maxTempo = 320, prior }: TempoOptions): Float64Array {
  checkPositive('startBpm', startBpm)
  checkPositive('stdBpm', stdBpm)
  if (maxTempo !== null) checkPositive('maxTempo', maxTempo)
  if (prior !== undefined && typeof prior !== 'function') {
    throw new CbirError('INVALID_ARGUMENT', 'prior must be a function of a tempo that gives the logarithm of how likely it is.')
  }
  const priors = bpms.map((bpm) => (prior ? prior(bpm) : -0.5 * ((Math.log2(bpm) - Math.log2(startBpm)) / stdBpm) ** 2))
  const bad = priors.findIndex((value, lag) => lag > 0 && !(value < Number.POSITIVE_INFINITY))
  if (bad >= 0)
    throw new CbirError('INVALID_ARGUMENT', `prior gives ${priors[bad]} for ${bpms[bad]} beats a minute; a logarithm of a probability was expected.`)
  // As in librosa, a limit that is below the tempo of every lag is none.
  const first =
    maxTempo === null
      ? 0
      : Math.max(
          0,
          bpms.findIndex((bpm) => bpm < maxTempo),
        )
  return priors.fill(Number.NEGATIVE_INFINITY, 0, Math.max(1, first))
}

function likeliestLag(correlation: Float64Array, priors: Float64Array): number {
  let best = 1
  let score = Number.NEGATIVE_INFINITY
  for (let lag = 1; lag < priors.length; lag++) {
    const value = Math.log1p(1e6 * Math.max(0, correlation[lag]!)) + priors[lag]!
    if (value > score) [best, score] = [lag, value]
  }
  return best
}

/** Mean, largest or smallest correlation of each lag. */
async function running(envelope: Float32Array, shape: Tempogram, aggregate: 'mean' | 'max' | 'min', options: CallOptions): Promise<Float64Array> {
  const { winLength } = shape
  const whole = new Float64Array(winLength).fill(aggregate === 'mean' ? 0 : aggregate === 'max' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY)
  const add = (_: number, correlation: Float64Array): void => {
    for (let i = 0; i < winLength; i++) {
      const value = correlation[i]!
      whole[i] = aggregate === 'mean' ? whole[i]! + value / envelope.length : Math[aggregate](whole[i]!, value)
    }
  }
  await localAutocorrelations(envelope, shape, add, options)
  return whole
}

/** Median correlation of each lag. */
async function medians(envelope: Float32Array, shape: Tempogram, options: CallOptions): Promise<Float64Array> {
  const { winLength } = shape
  const { length } = envelope
  const all = new Float64Array(columnsOf(envelope, shape) * winLength)
  const keep = (t: number, correlation: Float64Array): void => {
    for (let i = 0; i < winLength; i++) all[i * length + t] = correlation[i]!
  }
  await localAutocorrelations(envelope, shape, keep, options)
  const whole = new Float64Array(winLength)
  const work = (from: number, to: number): void => {
    for (let i = from; i < to; i++) whole[i] = medianOf(all.subarray(i * length, (i + 1) * length))
  }
  await inSlices(winLength, Math.max(1, Math.floor(2 ** 13 / length)), work, options.signal)
  return whole
}
