// Root mean square: how loud each frame is, from samples or from a spectrogram (Parseval). librosa's `feature.rms`.

import type { RealFrames } from '@cbir/audio-dsp'
import { CbirError } from '@cbir/core'
import { type FrameOptions, type FramePadMode, framedSamples } from './framed-samples.ts'
import { checkMatrix, finiteFrames, isMatrix, type Matrix, toMatrix } from './matrix.ts'
import { eachFrame, numberPerFrame } from './per-frame.ts'
import type { SpectralInput } from './spectral-input.ts'

export interface RmsOptions extends FrameOptions {
  /** What centred frames find beyond the signal. Default `'constant'`, zeros. */
  readonly padMode?: FramePadMode | undefined
}

export async function rmsFrames(input: SpectralInput, options: RmsOptions = {}): Promise<RealFrames> {
  const { signal, padMode = 'constant' } = options
  if (isMatrix(input)) return ofSpectrogram(input, options)
  const { samples, frames, frameLength, hopLength } = await framedSamples(input, options, padMode)
  const data = new Float32Array(frames)
  await eachFrame(
    frames,
    frameLength,
    (t) => {
      let sum = 0
      for (let i = t * hopLength; i < t * hopLength + frameLength; i++) sum += samples[i]! * samples[i]!
      data[t] = Math.sqrt(sum / frameLength)
    },
    signal,
  )
  return { data, frames, bins: 1 }
}

async function ofSpectrogram(S: Matrix, { frameLength = 2048, signal }: RmsOptions): Promise<RealFrames> {
  checkMatrix(S)
  if (S.rows !== Math.floor(frameLength / 2) + 1) {
    throw new CbirError(
      'INVALID_ARGUMENT',
      `A spectrogram of ${S.rows} rows is one of frames of ${2 * S.rows - 2} or ${2 * S.rows - 1} samples; frameLength is ${frameLength}.`,
    )
  }
  const spectrum = await finiteFrames(S, signal)
  const level = (data: Float32Array, at: number, bins: number): number => {
    let sum = 0
    for (let i = at; i < at + bins; i++) sum += data[i]! * data[i]!
    // Bin 0, and the last of an even transform, have no mirror image.
    sum -= 0.5 * data[at]! ** 2
    if (frameLength % 2 === 0) sum -= 0.5 * data[at + bins - 1]! ** 2
    return Math.sqrt(2 * sum) / frameLength
  }
  return numberPerFrame(spectrum, level, signal)
}

/**
 * (1, frames). A matrix in place of samples is a magnitude spectrogram, made without a window, of frames of `frameLength`.
 * @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED
 */
export async function rms(input: SpectralInput, options: RmsOptions = {}): Promise<Matrix> {
  return toMatrix(await rmsFrames(input, options), options.signal)
}
