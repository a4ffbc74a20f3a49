// @cbir/audio-dsp: FFT, windows, framing and spectrograms.

// In a browser it is browser-engine-choice.ts.
import { engineFor } from '#engine-choice'
import { type Dsp, makeDsp } from './make-dsp.ts'

export { nativeProblem } from '#engine-choice'
export { besselI0 } from './bessel.ts'
export type { DspOptions, FrameLayout, Implementation, Precision } from './engine.ts'
export { type SparseFilters, sparseFilters } from './filters.ts'
export { type Framing, type FramingOptions, frameCount, framingOf } from './framing.ts'
export type {
  ComplexFrames,
  ComplexRows,
  DecibelOptions,
  FilteredSpectrogramOptions,
  IrfftOptions,
  IstftOptions,
  RealFrames,
  RfftOptions,
  SpectrogramOptions,
  StftOptions,
} from './make-dsp.ts'
export { PAD_MODES, type PadMode, padded } from './padding.ts'
export type { Samples } from './samples.ts'
export { centredWindow, type WindowName, type WindowOptions, type WindowSpec, windowOf } from './windows.ts'

const dsp: Dsp = makeDsp(engineFor)

/** Short-time Fourier transform: complex64 values, frames × (1 + nFft/2). @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, NOT_USABLE, ABORTED */
export const stft: Dsp['stft'] = dsp.stft
/** |STFT| or |STFT|², frames × (1 + nFft/2). Errors: those of `stft`. */
export const spectrogram: Dsp['spectrogram'] = dsp.spectrogram
/** A spectrogram through a filter bank, if wanted in dB and times a matrix: mel spectrograms, chroma, MFCC. Errors: those of `stft`, DIMENSION_MISMATCH. */
export const filteredSpectrogram: Dsp['filteredSpectrogram'] = dsp.filteredSpectrogram
/** The signal of an STFT, by weighted overlap-add (Griffin and Lim 1984). @throws CbirError DIMENSION_MISMATCH, INVALID_ARGUMENT, NOT_FINITE */
export const istft: Dsp['istft'] = dsp.istft
/** Decibels of powers or amplitudes: librosa's `power_to_db` and `amplitude_to_db`. @throws CbirError INVALID_ARGUMENT, NOT_FINITE */
export const decibels: Dsp['decibels'] = dsp.decibels
/** Rows of `inner` numbers, each times every row of the matrix (outputs × inner): rows × outputs. Summed in double. @throws CbirError DIMENSION_MISMATCH */
export const matrixProduct: Dsp['matrixProduct'] = dsp.matrixProduct
/** Transforms of rows of real numbers, in double: numpy.fft.rfft. @throws CbirError EMPTY, DIMENSION_MISMATCH, NOT_FINITE */
export const rfft: Dsp['rfft'] = dsp.rfft
/** The rows that `rfft` came from: numpy.fft.irfft. @throws CbirError DIMENSION_MISMATCH, NOT_FINITE */
export const irfft: Dsp['irfft'] = dsp.irfft
