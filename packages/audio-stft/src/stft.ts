// The short-time Fourier transform and its inverse: librosa's `stft` and `istft`.

import * as dsp from '@cbir/audio-dsp'
import { checkPositive } from './check.ts'
import { type ComplexMatrix, checkMatrix, type Matrix, toComplexFrames, toComplexMatrix, toMatrix } from './matrix.ts'
import { spectrumOfSamples } from './spectral-input.ts'

export type StftOptions = dsp.StftOptions
export type IstftOptions = dsp.IstftOptions

export interface SpectrogramOptions extends dsp.StftOptions {
  /** 1: magnitudes |X| (default). 2: powers |X|². Another number: |X| to it. */
  readonly power?: number | undefined
}

/**
 * The complex transform, (1 + nFft/2, frames).
 * @throws CbirError INVALID_ARGUMENT (options, samples that are no Float32Array or Float64Array), EMPTY (no samples, or fewer than a frame without
 * `center`), NOT_FINITE, ABORTED
 */
export async function stft(samples: dsp.Samples, options: StftOptions = {}): Promise<ComplexMatrix> {
  return toComplexMatrix(await dsp.stft(samples, options), options.signal)
}

/** |stft| to a power, (1 + nFft/2, frames): `np.abs(librosa.stft(y)) ** power`. Errors: those of {@link stft}. */
export async function spectrogram(samples: dsp.Samples, options: SpectrogramOptions = {}): Promise<Matrix> {
  const { power = 1, ...framing } = options
  checkPositive('power', power)
  return toMatrix(await spectrumOfSamples(samples, framing, power), options.signal)
}

/**
 * The samples of a transform. `nFft`, `winLength`, `window` and `hopLength` must be those that it was made with; an odd `nFft` must be given.
 * @throws CbirError INVALID_ARGUMENT, EMPTY, DIMENSION_MISMATCH where `nFft` does not fit the rows, NOT_FINITE, ABORTED
 */
export async function istft(matrix: ComplexMatrix, options: IstftOptions = {}): Promise<Float32Array> {
  checkMatrix(matrix, 2)
  return dsp.istft(await toComplexFrames(matrix, options.signal), options)
}
