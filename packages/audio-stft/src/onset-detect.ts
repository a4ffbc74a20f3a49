// Onsets: the peaks of the onset strength (Böck, Krebs and Schedl 2012). librosa's `onset.onset_detect` and `util.peak_pick`.

import type { Samples } from '@cbir/audio-dsp'
import { type CallOptions, CbirError } from '@cbir/core'
import { checkChoice, checkedNumbers, checkInteger, checkNotNegative, checkSampleRate } from './check.ts'
import { EVENT_UNITS, type EventUnits, eventsIn } from './event-units.ts'
import { onsetStrength } from './onset-strength.ts'
import { eachFrame } from './per-frame.ts'

const { fround } = Math

export interface PeakPickOptions extends CallOptions {
  /** A peak is the largest value from `preMax` frames before it … */
  readonly preMax: number
  /** … to `postMax − 1` after it, */
  readonly postMax: number
  /** and at least `delta` above the mean of what is from `preAvg` frames before it … */
  readonly preAvg: number
  /** … to `postAvg − 1` after it. */
  readonly postAvg: number
  readonly delta: number
  /** Frames after a peak in which there is no other. */
  readonly wait: number
}

/** Frames that may be given with a fraction, which counts as a whole one. @throws CbirError INVALID_ARGUMENT */
function wholeFrames(name: string, value: number, least: number): number {
  const whole = typeof value === 'number' ? Math.ceil(value) : value
  checkInteger(name, whole, least)
  return whole
}

/** The frames with a peak, ascending; an empty list for no values. @throws CbirError INVALID_ARGUMENT, ABORTED */
export async function peakPick(x: Float32Array | Float64Array, options: PeakPickOptions): Promise<number[]> {
  const { signal } = options
  const [preMax, postMax, preAvg, postAvg, wait] = [
    wholeFrames('preMax', options.preMax, 0),
    wholeFrames('postMax', options.postMax, 1),
    wholeFrames('preAvg', options.preAvg, 0),
    wholeFrames('postAvg', options.postAvg, 1),
    wholeFrames('wait', options.wait, 0),
  ]
  checkNotNegative('delta', options.delta)
  if (!(x instanceof Float32Array || x instanceof Float64Array))
    throw new CbirError('INVALID_ARGUMENT', 'Peaks are picked from a Float32Array or Float64Array.')
  // As librosa, which adds floats up to a float and compares them with one: where `delta` is 0, equal values decide.
  const rounded = x instanceof Float32Array ? fround : (value: number): number => value
  const delta = rounded(options.delta)
  const peaks: number[] = []
  const values = x.slice()
  let next = 0
  await eachFrame(
    values.length,
    Math.min(values.length, preMax + postMax + preAvg + postAvg),
    (n) => {
      if (n < next) return
      const here = values[n]!
      const until = Math.min(n + postMax, values.length)
      for (let i = Math.max(0, n - preMax); i < until; i++) if (values[i]! > here) return
      const from = Math.max(0, n - preAvg)
      const end = Math.min(n + postAvg, values.length)
      let sum = 0
      for (let i = from; i < end; i++) sum = rounded(sum + values[i]!)
      if (here < sum / (end - from) + delta) return
      peaks.push(n)
      next = n + wait + 1
    },
    signal,
  )
  return peaks
}

export interface OnsetDetectOptions extends CallOptions, Partial<Omit<PeakPickOptions, keyof CallOptions>> {
  /** Samples a second. */
  readonly sampleRate: number
  /** Samples from frame to frame. Default 512. */
  readonly hopLength?: number | undefined
  /** Onset strength of each frame, where it is known already. */
  readonly onsetEnvelope?: Float32Array | undefined
  /** Whether the strength is brought to 0 … 1 first. Default true. */
  readonly normalize?: boolean | undefined
  /** Whether an onset is moved back to the minimum of `energy` before it, where one cuts. Default false. */
  readonly backtrack?: boolean | undefined
  /** What `backtrack` goes by. Default: the onset strength. */
  readonly energy?: Float32Array | Float64Array | undefined
  /** Default `'frames'`. */
  readonly units?: EventUnits | undefined
}

/** The smallest normal float, by which librosa keeps from dividing by 0. */
const TINY = 2 ** -126

/**
 * Where notes begin. None in silence.
 * @param samples may be left out (undefined) where `onsetEnvelope` is given
 * @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED
 */
export async function onsetDetect(samples: Samples | undefined, options: OnsetDetectOptions): Promise<number[]> {
  const { sampleRate, hopLength = 512, normalize = true, backtrack = false, units = 'frames', signal } = options
  checkSampleRate(sampleRate)
  checkInteger('hopLength', hopLength, 1)
  checkChoice('units', units, EVENT_UNITS)
  const energy = options.energy === undefined ? undefined : checkedNumbers('energy', options.energy)
  const envelope = await envelopeOf(samples, options)
  if (normalize) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const value of envelope) {
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
    // Every step in floats, as librosa's: values that become equal are peaks together.
    const range = fround(fround(high - low) + TINY)
    for (let i = 0; i < envelope.length; i++) envelope[i] = fround(envelope[i]! - low) / range
  }
  if (envelope.every((value) => value === 0)) return []
  const framesOf = (seconds: number): number => Math.floor((seconds * sampleRate) / hopLength)
  const peaks = await peakPick(envelope, {
    preMax: options.preMax ?? framesOf(0.03),
    postMax: options.postMax ?? 1,
    preAvg: options.preAvg ?? framesOf(0.1),
    postAvg: options.postAvg ?? framesOf(0.1) + 1,
    wait: options.wait ?? framesOf(0.03),
    delta: options.delta ?? 0.07,
    signal,
  })
  const events = backtrack ? backtracked(peaks, energy ?? envelope) : peaks
  return eventsIn(units, events, hopLength, sampleRate)
}

/** A copy of the given strengths, or those of the samples. @throws CbirError INVALID_ARGUMENT, NOT_FINITE, EMPTY */
export async function envelopeOf(
  samples: Samples | undefined,
  options: Pick<OnsetDetectOptions, 'sampleRate' | 'hopLength' | 'onsetEnvelope' | 'signal'>,
  aggregate: 'mean' | 'median' = 'mean',
): Promise<Float32Array> {
  const { onsetEnvelope, sampleRate, hopLength, signal } = options
  if (onsetEnvelope !== undefined) {
    const own = Float32Array.from(checkedNumbers('onsetEnvelope', onsetEnvelope))
    if (own.length === 0) throw new CbirError('EMPTY', 'The onset envelope has no frames.')
    return own
  }
  if (samples !== undefined) return onsetStrength(samples, { sampleRate, hopLength, signal, aggregate })
  throw new CbirError('INVALID_ARGUMENT', 'Give samples, or their onsetEnvelope.')
}

/** Each event at the last local minimum of the energy that is not after it: librosa's `onset_backtrack`. */
function backtracked(events: readonly number[], energy: Float32Array | Float64Array): number[] {
  const minima = [0]
  for (let i = 1; i < energy.length - 1; i++) {
    if (energy[i]! <= energy[i - 1]! && energy[i]! < energy[i + 1]!) minima.push(i)
  }
  let at = 0
  return events.map((event) => {
    while (at + 1 < minima.length && minima[at + 1]! <= event) at++
    return minima[at]!
  })
}
