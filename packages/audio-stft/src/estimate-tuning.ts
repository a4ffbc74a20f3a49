// Tuning: how far the pitches of a recording are from A440. librosa's `estimate_tuning`, `piptrack` and `pitch_tuning`.

import type { RealFrames } from '@cbir/audio-dsp'
import { type CallOptions, CbirError } from '@cbir/core'
import { fftFrequencies } from './bin-frequencies.ts'
import { checkBand, checkInteger, checkNotNegative, checkPositive, checkSampleRate } from './check.ts'
import { hzToOcts } from './chroma-filters.ts'
import { medianOf } from './median.ts'
import { parabolicShift } from './parabola.ts'
import { eachFrame } from './per-frame.ts'
import type { FrequencyOptions } from './spectral-centroid.ts'
import { roundedSpectrumOf, type SpectralInput } from './spectral-input.ts'

export interface EstimateTuningOptions extends FrequencyOptions {
  /** Smallest step of the answer. Default 0.01. */
  readonly resolution?: number | undefined
  /** Default 12. */
  readonly binsPerOctave?: number | undefined
  /** Pitches are looked for from here, in Hz. Default 150. */
  readonly fmin?: number | undefined
  /** … to below here, in Hz, and below half the sample rate. Default 4000. */
  readonly fmax?: number | undefined
  /** A peak must be above this share of the loudest bin of its frame. Default 0.1. */
  readonly threshold?: number | undefined
  /** Samples from frame to frame. Default: a quarter of `winLength`, as in librosa for this function alone. */
  readonly hopLength?: number | undefined
}

const { fround } = Math

interface Peaks {
  readonly pitches: number[]
  readonly magnitudes: number[]
}

type PeakOptions = CallOptions & Readonly<Record<'sampleRate' | 'fmin' | 'fmax' | 'threshold', number>>

/** Frequencies and heights of the spectral peaks of all frames. Rounded to floats where librosa does, as a histogram's edges are sharp. */
async function peaksOf({ data, frames, bins }: RealFrames, nFft: number, options: PeakOptions): Promise<Peaks> {
  const { sampleRate, fmin, fmax, threshold, signal } = options
  const hertz = fftFrequencies({ sampleRate, nFft })
  const highest = Math.min(fmax, sampleRate / 2)
  const pitches: number[] = []
  const magnitudes: number[] = []
  await eachFrame(
    frames,
    2 * bins,
    (t) => {
      const at = t * bins
      let largest = 0
      for (let k = 0; k < bins; k++) largest = Math.max(largest, data[at + k]!)
      const least = fround(threshold * largest)
      const loud = (k: number): number => (data[at + k]! > least ? data[at + k]! : 0)
      for (let k = 1; k < bins; k++) {
        const frequency = hertz[k]!
        if (frequency < fmin) continue
        if (frequency >= highest) break
        const here = loud(k)
        if (here <= loud(k - 1) || (k + 1 < bins && here < loud(k + 1))) continue
        const last = k + 1 === bins
        const shift = last ? 0 : fround(parabolicShift(data[at + k - 1]!, data[at + k]!, data[at + k + 1]!))
        const slope = last ? data[at + k]! - data[at + k - 1]! : (data[at + k + 1]! - data[at + k - 1]!) / 2
        pitches.push(fround(((k + shift) * sampleRate) / nFft))
        magnitudes.push(fround(data[at + k]! + fround(0.5 * slope * shift)))
      }
    },
    signal,
  )
  return { pitches, magnitudes }
}

/** Tuning of given frequencies in Hz, as a share of a bin, −0.5 … 0.5; 0 for none: librosa's `pitch_tuning`. */
export function pitchTuning(frequencies: readonly number[], resolution = 0.01, binsPerOctave = 12): number {
  const edges = Math.ceil(1 / resolution) + 1
  const step = 1 / (edges - 1)
  const counts = new Uint32Array(edges - 1)
  const edge = (i: number): number => (i === edges - 1 ? 0.5 : -0.5 + i * step)
  for (const frequency of frequencies) {
    if (!(frequency > 0)) continue
    const place = fround(binsPerOctave * fround(hzToOcts(frequency)))
    let residual = fround(place - Math.floor(place))
    if (residual >= 0.5) residual = fround(residual - 1)
    let bin = Math.min(edges - 2, Math.max(0, Math.floor((residual + 0.5) / step)))
    // The division may land beside an edge.
    while (bin > 0 && residual < edge(bin)) bin--
    while (bin < edges - 2 && residual >= edge(bin + 1)) bin++
    counts[bin]!++
  }
  let best = 0
  for (let i = 1; i < counts.length; i++) if (counts[i]! > counts[best]!) best = i
  return frequencies.length === 0 ? 0 : edge(best)
}

/** Tuning of frames of energy. */
export async function tuningOf(
  spectrum: RealFrames,
  nFft: number,
  options: Pick<EstimateTuningOptions, 'sampleRate' | 'resolution' | 'binsPerOctave' | 'fmin' | 'fmax' | 'threshold' | 'signal'>,
): Promise<number> {
  const { sampleRate, resolution = 0.01, binsPerOctave = 12, fmin = 150, fmax = 4000, threshold = 0.1, signal } = options
  checkSampleRate(sampleRate)
  checkPositive('resolution', resolution)
  if (resolution < 1e-6) throw new CbirError('INVALID_ARGUMENT', `resolution must be at least 1e-6; given was ${resolution}.`)
  checkInteger('binsPerOctave', binsPerOctave, 1)
  checkBand(fmin, fmax, Number.POSITIVE_INFINITY)
  checkNotNegative('threshold', threshold)
  const { pitches, magnitudes } = await peaksOf(spectrum, nFft, { sampleRate, fmin, fmax, threshold, signal })
  if (pitches.length === 0) return 0
  const median = fround(medianOf(Float32Array.from(magnitudes)))
  return pitchTuning(
    pitches.filter((_, i) => magnitudes[i]! >= median),
    resolution,
    binsPerOctave,
  )
}

/**
 * Deviation of a recording from A440 as a share of a bin, −0.5 … 0.5. 0 for one without pitches.
 * @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED
 */
export async function estimateTuning(input: SpectralInput, options: EstimateTuningOptions): Promise<number> {
  const { winLength = options.nFft ?? 2048 } = options
  const hopLength = options.hopLength ?? Math.max(1, Math.floor(winLength / 4))
  const { spectrum, nFft } = await roundedSpectrumOf(input, { ...options, hopLength }, 1)
  return tuningOf(spectrum, nFft, options)
}
