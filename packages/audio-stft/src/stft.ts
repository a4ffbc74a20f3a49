// The short-time Fourier transform and its inverse: librosa's `stft` and `istft`.

import * as dsp from '@cbir/audio-dsp'
import { checkPositive } from './check.ts'
import { type ComplexMatrix, checkMatrix, type Matrix, toComplexFrames, toMatrix } from './matrix.ts'
import { spectrumOfSamples } from './spectral-input.ts'

export type StftOptions = Omit<dsp.StftOptions, 'layout'>
export type IstftOptions = dsp.IstftOptions

export interface SpectrogramOptions extends StftOptions {
  /** 1: magnitudes |X| (default). 2: powers |X|². Another number: |X| to it. */
  readonly power?: number | undefined
}

/**
 * The complex transform, (1 + nFft/2, frames).
 * @throws CbirError INVALID_ARGUMENT (options, samples that are no Float32Array or Float64Array), EMPTY (no samples, or fewer than a frame without
 * `center`), NOT_FINITE, ABORTED
 */
export async function stft(samples: dsp.Samples, options: StftOptions = {}): Promise<ComplexMatrix> {
  const { data, frames, bins } = await dsp.stft(samples, { ...options, layout: 'bins' })
  return { data, rows: bins, columns: frames }
}

/** |stft| to a power, (1 + nFft/2, frames): `np.abs(librosa.stft(y)) ** power`. Errors: those of {@link stft}. */
export async function spectrogram(samples: dsp.Samples, options: SpectrogramOptions = {}): Promise<Matrix> {
  const { power = 1, ...framing } = options
  checkPositive('power', power)
  return toMatrix(await spectrumOfSamples(samples, framing, power, 'bins'), options.signal)
}

/**
 * The samples of a transform. `nFft`, `winLength`, `window` and `hopLength` must be those that it was made with; an odd `nFft` must be given.
 * @throws CbirError INVALID_ARGUMENT, EMPTY, DIMENSION_MISMATCH where `nFft` does not fit the rows, NOT_FINITE, ABORTED
 */
export async function istft(matrix: ComplexMatrix, options: IstftOptions = {}): Promise<Float32Array> {
  checkMatrix(matrix, 2)
  return dsp.istft(await toComplexFrames(matrix, options.signal), options)
}
