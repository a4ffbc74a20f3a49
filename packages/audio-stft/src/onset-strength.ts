// Onset strength: how much louder the bands become from one frame to the next (Böck and Widmer 2013). librosa's `onset.onset_strength` and `…_multi`.

import { decibels, type RealFrames } from '@cbir/audio-dsp'
import { CbirError } from '@cbir/core'
import { checkChoice, checkInteger, checkSampleRate } from './check.ts'
import { checkMatrix, finiteFrames, isMatrix, type Matrix, toMatrix } from './matrix.ts'
import { maxOverBins } from './max-filter.ts'
import { medianOf } from './median.ts'
import { type MelspectrogramOptions, melFrames } from './melspectrogram.ts'
import { eachFrame } from './per-frame.ts'
import type { SpectralInput } from './spectral-input.ts'

const AGGREGATES = ['mean', 'median', 'max', 'min', 'sum'] as const

export interface OnsetStrengthOptions extends MelspectrogramOptions {
  /** Frames between the two that are compared. Default 1. */
  readonly lag?: number | undefined
  /** Bands over which the earlier frame is maximum-filtered, against vibrato. Default 1. */
  readonly maxSize?: number | undefined
  /** Whether a high-pass filter takes the trend away. Default false. */
  readonly detrend?: boolean | undefined
  /** Whether the answer is shifted by half a frame, so that an onset is where it is heard. Default true. */
  readonly center?: boolean | undefined
  /** What is compared with, bands as many as frames: an earlier state of the same spectrogram, in decibels. Default: the input; `maxSize` does nothing then. */
  readonly ref?: Matrix | undefined
  /** How the bands become one number. Default `'mean'`. */
  readonly aggregate?: (typeof AGGREGATES)[number] | undefined
}

export interface OnsetStrengthMultiOptions extends OnsetStrengthOptions {
  /** Edges of groups of bands: `[0, 32, 64]` gives two rows, bands 0–31 and 32–63. */
  readonly channels: readonly number[]
}

async function strengths(input: SpectralInput, options: OnsetStrengthOptions, edges?: readonly number[]): Promise<RealFrames> {
  const { sampleRate, lag = 1, maxSize = 1, detrend = false, center = true, aggregate = 'mean', signal, nFft = 2048, hopLength = 512 } = options
  checkSampleRate(sampleRate)
  checkInteger('lag', lag, 1)
  checkInteger('maxSize', maxSize, 1)
  checkChoice('aggregate', aggregate, AGGREGATES)
  if (options.ref !== undefined) checkMatrix(options.ref)
  const reading = options.ref && finiteFrames(options.ref, signal)
  const loud = loudness(input, options)
  const [given, spectrum] = await Promise.all([reading, loud])
  const { data, frames, bins } = spectrum
  if (given && (given.frames !== frames || given.bins !== bins)) {
    throw new CbirError('INVALID_ARGUMENT', `ref has ${given.bins} bands and ${given.frames} frames; the spectrogram has ${bins} and ${frames}.`)
  }
  const channels = edges ?? [0, bins]
  if (!Array.isArray(channels) || channels.length < 2) {
    throw new CbirError('INVALID_ARGUMENT', 'channels needs two edges or more, e.g. [0, 32, 64].')
  }
  channels.forEach((edge, i) => {
    checkInteger(`channels[${i}]`, edge, i === 0 ? 0 : channels[i - 1]! + 1, bins)
  })
  const reference = given?.data ?? (maxSize === 1 ? data : (await maxOverBins(spectrum, maxSize, signal)).data)
  const rows = channels.length - 1
  const pad = lag + (center ? Math.floor(nFft / (2 * hopLength)) : 0)
  // Frames that there is nothing to compare with have no strength; librosa gives `lag` of them where the signal is shorter than that.
  const columns = center ? frames : Math.max(frames, lag)
  const out = new Float32Array(columns * rows)
  const rises = new Float32Array(bins)
  await eachFrame(
    Math.max(0, Math.min(frames - lag, columns - pad)),
    4 * bins,
    (t) => {
      for (let bin = 0; bin < bins; bin++) rises[bin] = Math.max(0, data[(t + lag) * bins + bin]! - reference[t * bins + bin]!)
      for (let row = 0; row < rows; row++) out[(t + pad) * rows + row] = aggregateOf(rises.subarray(channels[row]!, channels[row + 1]!), aggregate)
    },
    signal,
  )
  if (detrend) await highPass(out, rows, signal)
  return { data: out, frames: columns, bins: rows }
}

/** Mel bands in decibels. As in librosa their frames are always centred. */
async function loudness(input: SpectralInput, options: OnsetStrengthOptions): Promise<RealFrames> {
  const { signal } = options
  if (!isMatrix(input)) {
    const mel = await melFrames(input, { ...options, center: true })
    return { ...mel, data: await decibels(mel.data, { signal }) }
  }
  checkMatrix(input)
  return finiteFrames(input, signal)
}

function aggregateOf(values: Float32Array, aggregate: (typeof AGGREGATES)[number]): number {
  switch (aggregate) {
    case 'median':
      return medianOf(values)
    case 'max':
      return values.reduce((a, b) => Math.max(a, b))
    case 'min':
      return values.reduce((a, b) => Math.min(a, b))
    default: {
      let sum = 0
      for (let i = 0; i < values.length; i++) sum += values[i]!
      return aggregate === 'sum' ? sum : sum / values.length
    }
  }
}

/** y[t] = x[t] − x[t−1] + 0.99 y[t−1], in place. */
async function highPass(data: Float32Array, rows: number, signal: AbortSignal | undefined): Promise<void> {
  const before = new Float64Array(rows)
  const answer = new Float64Array(rows)
  await eachFrame(
    data.length / rows,
    rows,
    (t) => {
      for (let row = 0; row < rows; row++) {
        const x = data[t * rows + row]!
        answer[row] = x - before[row]! + 0.99 * answer[row]!
        before[row] = x
        data[t * rows + row] = answer[row]!
      }
    },
    signal,
  )
}

/**
 * A number for each frame. A matrix in place of samples is a spectrogram in decibels (bands, frames), as librosa's `S`.
 * @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED
 */
export async function onsetStrength(input: SpectralInput, options: OnsetStrengthOptions): Promise<Float32Array> {
  return (await strengths(input, options)).data
}

/** The same for groups of bands, (channels.length − 1, frames). Errors: as above. */
export async function onsetStrengthMulti(input: SpectralInput, options: OnsetStrengthMultiOptions): Promise<Matrix> {
  return toMatrix(await strengths(input, options, options.channels), options.signal)
}
