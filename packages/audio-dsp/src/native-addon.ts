// The addon of this package: what native/addon.cc exports. Every call takes its settings and a control; arrays belong to the call alone.

import { loadAddon, type NativeAddon, type NativeControl } from '@cbir/native-kit'

/** `now`: on the calling thread, before the call returns. `instructionSet`: one of the addon's; the best of this processor where not given. */
export interface NativeCall {
  readonly now: boolean
  readonly instructionSet?: string | undefined
}

export interface NativeTransform extends NativeCall {
  readonly n: number
  /** In floats rather than doubles. */
  readonly single: boolean
}

export interface NativeFrames extends NativeTransform {
  readonly samples: Float32Array | Float64Array
  readonly doubles: boolean
  readonly sampleCount: number
  /** Place of the caller's sample 0. */
  readonly origin: number
  readonly frames: number
  readonly hop: number
  readonly window: Float64Array
  /** 0: complex, 1: magnitude, 2: power. */
  readonly value: number
  /** Whether the frames of a bin stand together, and not the bins of a frame. */
  readonly byBins: boolean
  /** 0 for no filters. */
  readonly filterRows: number
  readonly firstBins?: Uint32Array | undefined
  readonly offsets?: Uint32Array | undefined
  readonly weights?: Float64Array | undefined
  readonly weightCount?: number | undefined
  readonly out: Float32Array
}

export interface NativeOverlap extends NativeTransform {
  readonly spectrum: Float32Array
  readonly frames: number
  readonly hop: number
  readonly window: Float64Array
  readonly start: number
  readonly length: number
  readonly out: Float32Array
}

export interface NativeRows extends NativeTransform {
  readonly rows: Float64Array
  readonly count: number
  readonly inverse: boolean
  readonly out: Float64Array
}

export interface NativeDecibels extends NativeCall {
  readonly values: Float32Array
  readonly count: number
  readonly amin: number
  readonly reference: number
  readonly floor: number
  readonly squared: boolean
  readonly out: Float32Array
}

export interface NativeProduct extends NativeCall {
  readonly rows: Float32Array
  readonly count: number
  readonly matrix: Float64Array
  readonly inner: number
  readonly outer: number
  readonly byBins: boolean
  readonly out: Float32Array
}

type Filled = Promise<void> | void

export interface DspAddon extends NativeAddon {
  frames(settings: NativeFrames, control?: NativeControl): Filled
  overlapAdd(settings: NativeOverlap, control?: NativeControl): Filled
  rows(settings: NativeRows, control?: NativeControl): Filled
  maximum(settings: NativeCall & { readonly values: Float32Array; readonly count: number }, control?: NativeControl): Promise<number> | number
  decibels(settings: NativeDecibels, control?: NativeControl): Filled
  product(settings: NativeProduct, control?: NativeControl): Filled
  /** Asks for large pages in memory that was just taken. */
  willFill(memory: Uint8Array): void
}

/** @throws CbirError NOT_USABLE where there is no binary for this platform, INVALID_CONFIG for a wrong `CBIR_CPU` */
export function dspAddon(): DspAddon {
  return loadAddon<DspAddon>(new URL('..', import.meta.url))
}
