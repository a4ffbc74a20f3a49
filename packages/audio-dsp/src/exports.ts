// What both entries of the package export beside the calls.

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
