// YIN: fundamental frequency from the cumulative mean normalised difference (de Cheveigné and Kawahara 2002). librosa's `yin`.

import type { Samples } from '@cbir/audio-dsp'
import { CbirError } from '@cbir/core'
import { autocorrelations } from './autocorrelate.ts'
import { checkBand, checkInteger, checkPositive, checkSampleRate } from './check.ts'
import { type FrameOptions, type FramePadMode, framedSamples } from './framed-samples.ts'
import { parabolicShift } from './parabola.ts'

export interface YinOptions extends Omit<FrameOptions, 'hopLength'> {
  /** Samples a second. */
  readonly sampleRate: number
  /** Lowest pitch in Hz, above 0; two of its periods should fit into a frame. */
  readonly fmin: number
  /** Highest pitch in Hz. */
  readonly fmax: number
  /** Samples from one frame to the next. Default: a quarter of `frameLength`. */
  readonly hopLength?: number | undefined
  /** A trough below this is taken at once, before deeper ones of longer periods. Default 0.1. */
  readonly troughThreshold?: number | undefined
  /** What centred frames find beyond the signal. Default `'constant'`, zeros. */
  readonly padMode?: FramePadMode | undefined
}

/** The smallest normal double, by which librosa keeps from dividing by 0. */
const TINY = 2 ** -1022

/** Period in samples of the first trough below the threshold, else of the deepest one. `d` is indexed from period `shortest`. */
function periodOf(d: Float64Array, shortest: number, threshold: number): number {
  const last = d.length - 1
  let chosen = -1
  let deepest = 0
  for (let i = 0; i <= last && chosen < 0; i++) {
    if (d[i]! < d[deepest]!) deepest = i
    // The first counts as a trough where what follows is higher, the last where what is before it is.
    const trough = (i === 0 || d[i]! < d[i - 1]!) && (i === last || (i === 0 ? d[i]! < d[i + 1]! : d[i]! <= d[i + 1]!))
    if (trough && last > 0 && d[i]! < threshold) chosen = i
  }
  const at = chosen < 0 ? deepest : chosen
  const shift = at === 0 || at === last ? 0 : parabolicShift(d[at - 1]!, d[at]!, d[at + 1]!)
  return shortest + at + shift
}

/**
 * Fundamental frequency in Hz of each frame, whether or not there is a pitch in it.
 * @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED
 */
export async function yin(given: Samples, options: YinOptions): Promise<Float32Array> {
  const { sampleRate, fmin, fmax, frameLength = 2048, troughThreshold = 0.1, padMode = 'constant' } = options
  checkSampleRate(sampleRate)
  checkPositive('fmin', fmin)
  checkBand(fmin, fmax, sampleRate)
  checkPositive('troughThreshold', troughThreshold)
  checkInteger('frameLength', frameLength, 4, 2 ** 24)
  if (sampleRate / fmin >= frameLength - 1) {
    const needed = Math.ceil(sampleRate / fmin) + 1
    throw new CbirError(
      'INVALID_ARGUMENT',
      `A period of fmin ${fmin} Hz does not fit into a frame of ${frameLength}. Take a frameLength above ${needed}, or a higher fmin.`,
    )
  }
  const hopLength = options.hopLength ?? Math.floor(frameLength / 4)
  const { samples, frames } = await framedSamples(given, { ...options, frameLength, hopLength }, padMode)
  const shortest = Math.floor(sampleRate / fmax)
  const longest = Math.min(Math.ceil(sampleRate / fmin), frameLength - 1)
  const pitch = new Float32Array(frames)
  const normalised = new Float64Array(longest - shortest + 1)

  const take = (t: number, correlation: Float64Array): void => {
    let head = 0
    let sum = 0
    for (let lag = 1; lag <= longest; lag++) {
      // Σ (x[i] − x[i + lag])² over the frame, zeros behind it, without those terms; as librosa, which takes none away at lag 1.
      head += samples[t * hopLength + lag - 1]! ** 2
      const difference = 2 * (correlation[0]! - correlation[lag]!) - (lag === 1 ? 0 : head)
      sum += difference
      if (lag >= shortest) normalised[lag - shortest] = difference / (sum / lag + TINY)
    }
    pitch[t] = sampleRate / periodOf(normalised, shortest, troughThreshold)
  }
  await autocorrelations(
    frames,
    frameLength,
    longest + 1,
    (t, into) => void into.set(samples.subarray(t * hopLength, t * hopLength + frameLength)),
    take,
    options,
  )
  return pitch
}
