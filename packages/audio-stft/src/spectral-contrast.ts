// Spectral contrast: peaks against valleys in octave bands (Jiang et al. 2002). librosa's `feature.spectral_contrast`.

import { decibels, type RealFrames } from '@cbir/audio-dsp'
import { CbirError } from '@cbir/core'
import { binFrequencies, givenFrequencies } from './bin-frequencies.ts'
import { checkInteger, checkPositive, checkSampleRate, checkShare } from './check.ts'
import { type Matrix, toMatrix } from './matrix.ts'
import { eachFrame } from './per-frame.ts'
import { roundHalfEven } from './round-half-even.ts'
import type { SpectralCentroidOptions } from './spectral-centroid.ts'
import { type SpectralInput, spectrumOf } from './spectral-input.ts'

export interface SpectralContrastOptions extends SpectralCentroidOptions {
  /** Upper end of the first band in Hz; each further band is an octave. Default 200. */
  readonly fmin?: number | undefined
  /** Octaves above the first band. Default 6. */
  readonly nBands?: number | undefined
  /** Share of a band's bins that make its peak and its valley. Default 0.02. */
  readonly quantile?: number | undefined
  /** Differences of magnitudes in place of those of their logarithms. Default false. */
  readonly linear?: boolean | undefined
}

/** The bins of a band, and how many of them make its peak. */
interface Band {
  readonly first: number
  readonly end: number
  readonly extremes: number
}

function bandsOf(hertz: Float64Array, sampleRate: number, { fmin = 200, nBands = 6, quantile = 0.02 }: SpectralContrastOptions): Band[] {
  checkPositive('fmin', fmin)
  checkInteger('nBands', nBands, 1)
  checkShare('quantile', quantile)
  if (fmin * 2 ** (nBands - 1) >= sampleRate / 2) {
    throw new CbirError(
      'INVALID_ARGUMENT',
      `${nBands} octaves from fmin ${fmin} Hz go beyond half the sample rate, ${sampleRate / 2} Hz. Lower fmin or nBands.`,
    )
  }
  const bins = hertz.length
  const back = hertz.findIndex((value, k) => k > 0 && value < hertz[k - 1]!)
  if (back >= 0) throw new CbirError('INVALID_ARGUMENT', `freq must ascend; freq[${back}] is below the one before it.`)
  const bands: Band[] = []
  for (let k = 0; k <= nBands; k++) {
    const low = k === 0 ? 0 : fmin * 2 ** (k - 1)
    const high = fmin * 2 ** k
    // Bins from low to high, both ends included: librosa's bands share the bin on an edge.
    let first = 0
    while (first < bins && hertz[first]! < low) first++
    let end = first
    while (end < bins && hertz[end]! <= high) end++
    if (first > 0 && end > first) first--
    if (k === nBands && end > first) end = bins
    const extremes = Math.max(1, roundHalfEven(quantile * (end - first)))
    if (k < nBands) end--
    if (end <= first) {
      throw new CbirError(
        'INVALID_ARGUMENT',
        `The band from ${low} to ${high} Hz has no bin of its own. Take a larger nFft, a larger fmin or fewer bands.`,
      )
    }
    bands.push({ first, end, extremes: Math.min(extremes, end - first) })
  }
  return bands
}

/** Means of the smallest and of the largest numbers of a band. */
class Extremes {
  private readonly low: Float64Array
  private readonly high: Float64Array

  constructor(most: number) {
    this.low = new Float64Array(most)
    this.high = new Float64Array(most)
  }

  /** Few extremes are kept sorted while the band is read; that beats sorting it as long as they are few. */
  read(data: Float32Array, from: number, to: number, count: number): { valley: number; peak: number } {
    const { low, high } = this
    let held = 0
    for (let i = from; i < to; i++) {
      const value = data[i]!
      if (held < count || value < low[held - 1]!) {
        let at = held < count ? held : count - 1
        for (; at > 0 && low[at - 1]! > value; at--) low[at] = low[at - 1]!
        low[at] = value
      }
      if (held < count || value > high[held - 1]!) {
        let at = held < count ? held : count - 1
        for (; at > 0 && high[at - 1]! < value; at--) high[at] = high[at - 1]!
        high[at] = value
      }
      if (held < count) held++
    }
    let [valley, peak] = [0, 0]
    for (let i = 0; i < count; i++) {
      valley += low[i]!
      peak += high[i]!
    }
    return { valley: valley / count, peak: peak / count }
  }
}

export async function spectralContrastFrames(input: SpectralInput, options: SpectralContrastOptions): Promise<RealFrames> {
  const { sampleRate, linear = false, signal } = options
  checkSampleRate(sampleRate)
  const freq = givenFrequencies(options.freq)
  const { spectrum, nFft } = await spectrumOf(input, options, 1)
  const { data, frames, bins } = spectrum
  const bands = bandsOf(binFrequencies(freq, bins, sampleRate, nFft), sampleRate, options)
  const valleys = new Float32Array(frames * bands.length)
  const peaks = new Float32Array(frames * bands.length)
  const extremes = new Extremes(Math.max(...bands.map((band) => band.extremes)))
  const cost = bands.reduce((sum, band) => sum + (band.end - band.first) * (1 + band.extremes / 8), 0)
  await eachFrame(
    frames,
    cost,
    (t) => {
      for (const [k, band] of bands.entries()) {
        const { valley, peak } = extremes.read(data, t * bins + band.first, t * bins + band.end, band.extremes)
        valleys[t * bands.length + k] = valley
        peaks[t * bands.length + k] = peak
      }
    },
    signal,
  )
  const [high, low] = linear ? [peaks, valleys] : [await decibels(peaks, { signal }), await decibels(valleys, { signal })]
  const out = new Float32Array(high.length)
  await eachFrame(
    frames,
    bands.length,
    (t) => {
      for (let i = t * bands.length; i < (t + 1) * bands.length; i++) out[i] = high[i]! - low[i]!
    },
    signal,
  )
  return { data: out, frames, bins: bands.length }
}

/** In dB (`linear`: in magnitudes), (nBands + 1, frames). @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED */
export async function spectralContrast(input: SpectralInput, options: SpectralContrastOptions): Promise<Matrix> {
  return toMatrix(await spectralContrastFrames(input, options), options.signal)
}
