// Tempo: the period at which the onset strength repeats itself, weighted by what is usual (Grosche, Müller and Kurth 2010). librosa's `feature.tempo`.

import type { Samples } from '@cbir/audio-dsp'
import { windowOf } from '@cbir/audio-dsp'
import type { CallOptions } from '@cbir/core'
import { autocorrelations } from './autocorrelate.ts'
import { checkInteger, checkPositive, checkSampleRate } from './check.ts'
import { type Matrix, toMatrix } from './matrix.ts'
import { lengthOf, type Norm } from './norm.ts'
import { envelopeOf } from './onset-detect.ts'

export interface TempogramOptions extends CallOptions {
  /** Samples a second. */
  readonly sampleRate: number
  /** Samples from frame to frame. Default 512. */
  readonly hopLength?: number | undefined
  /** Onset strength of each frame, where it is known already. */
  readonly onsetEnvelope?: Float32Array | undefined
  /** Frames over which is correlated. Default 384. */
  readonly winLength?: number | undefined
  /** Norm that every column is brought to. Default `'inf'`. */
  readonly norm?: Norm | undefined
}

/** Calls `take` for the local autocorrelation of every frame: winLength lags, from 0. */
async function localAutocorrelations(
  envelope: Float32Array,
  winLength: number,
  norm: Norm,
  take: (frame: number, correlation: Float64Array) => void,
  options: CallOptions,
): Promise<void> {
  const window = windowOf('hann', winLength)
  const half = Math.floor(winLength / 2)
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
  await autocorrelations(envelope.length, winLength, winLength, fill, normalised, options)
}

/**
 * Local autocorrelation of the onset strength, (winLength, frames): row i speaks of a period of i frames.
 * @param samples may be left out (undefined) where `onsetEnvelope` is given
 * @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED
 */
export async function tempogram(samples: Samples | undefined, options: TempogramOptions): Promise<Matrix> {
  const { winLength = 384, norm = 'inf', signal } = options
  checkSampleRate(options.sampleRate)
  checkInteger('winLength', winLength, 2)
  const envelope = await envelopeOf(samples, options)
  const data = new Float32Array(envelope.length * winLength)
  await localAutocorrelations(envelope, winLength, norm, (t, correlation) => data.set(correlation, t * winLength), options)
  return toMatrix({ data, frames: envelope.length, bins: winLength }, signal)
}

export interface TempoOptions extends Omit<TempogramOptions, 'winLength' | 'norm'> {
  /** Tempo that is most likely before anything is heard, in beats a minute. Default 120. */
  readonly startBpm?: number | undefined
  /** Standard deviation of that in octaves. Default 1. */
  readonly stdBpm?: number | undefined
  /** Seconds over which is correlated. Default 8. */
  readonly acSize?: number | undefined
  /** In beats a minute; null for no limit. Default 320. */
  readonly maxTempo?: number | null | undefined
}

/**
 * Beats a minute. (librosa's answer for `aggregate=np.mean`, one number for the whole signal.)
 * @param samples may be left out (undefined) where `onsetEnvelope` is given
 * @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED
 */
export async function tempo(samples: Samples | undefined, options: TempoOptions): Promise<number> {
  const { sampleRate, hopLength = 512, startBpm = 120, stdBpm = 1, acSize = 8, maxTempo = 320 } = options
  checkSampleRate(sampleRate)
  checkInteger('hopLength', hopLength, 1)
  checkPositive('startBpm', startBpm)
  checkPositive('stdBpm', stdBpm)
  checkPositive('acSize', acSize)
  if (maxTempo !== null) checkPositive('maxTempo', maxTempo)
  const winLength = Math.floor(Math.trunc(acSize * sampleRate) / hopLength)
  checkInteger('the frames of acSize', winLength, 2)
  const envelope = await envelopeOf(samples, options)
  const mean = new Float64Array(winLength)
  const add = (_: number, correlation: Float64Array): void => {
    for (let i = 0; i < winLength; i++) mean[i]! += correlation[i]! / envelope.length
  }
  await localAutocorrelations(envelope, winLength, 'inf', add, options)
  const bpmOf = (lag: number): number => (60 * sampleRate) / (hopLength * lag)
  let best = 0
  let score = Number.NEGATIVE_INFINITY
  for (let lag = 1; lag < winLength; lag++) {
    if (maxTempo !== null && bpmOf(lag) >= maxTempo) continue
    const prior = -0.5 * ((Math.log2(bpmOf(lag)) - Math.log2(startBpm)) / stdBpm) ** 2
    const value = Math.log1p(1e6 * Math.max(0, mean[lag]!)) + prior
    if (value > score) [best, score] = [lag, value]
  }
  if (best === 0) best = 1
  return bpmOf(best)
}
