// Engine: what native code and WebAssembly both do. Everything that comes here was checked and belongs to nobody else.

import type { CallOptions } from '@cbir/core'
import type { ScratchMemory } from '@cbir/core/define'
import type { SparseFilters } from './filters.ts'
import type { Memory } from './memory.ts'
import type { Samples } from './samples.ts'

/** In which numbers a transform is computed: doubles as librosa does, or floats, about twice as fast. Results are stored as floats either way. */
export type Precision = 'f64' | 'f32'

/** Native code, its twin in WebAssembly, or (`auto`) the first of them that this platform has. */
export type Implementation = 'auto' | 'native' | 'wasm'

/** What every call takes. */
export interface DspOptions extends CallOptions {
  /** Default `'f64'`. */
  readonly precision?: Precision | undefined
  /** Default `'auto'`. */
  readonly implementation?: Implementation | undefined
}

/** What is kept of a bin: both numbers, |X|, or |X|². */
export type BinValue = 'complex' | 'magnitude' | 'power'

/**
 * How numbers of frames stand in memory. `'frames'`: those of a frame together (bin b of frame t is number t · bins + b). `'bins'`: those of a bin
 * together (number b · frames + t), librosa's shape (bins, frames) row by row.
 */
export type FrameLayout = 'frames' | 'bins'

export interface FramesJob {
  readonly samples: Samples
  /** Where sample 0 of the caller stands; for messages. */
  readonly offset: number
  readonly frames: number
  readonly nFft: number
  readonly hopLength: number
  readonly window: Float64Array
  readonly precision: Precision
  readonly value: BinValue
  readonly layout: FrameLayout
  readonly filters?: SparseFilters | undefined
  /** What the answer is in, where it is not for the caller. */
  readonly memory?: Memory | undefined
}

export interface OverlapJob {
  /** frames × bins × (re, im) */
  readonly spectrum: Float32Array
  readonly frames: number
  readonly nFft: number
  readonly hopLength: number
  readonly window: Float64Array
  readonly precision: Precision
  /** First sample of the answer, counted from the beginning of frame 0, and how many. */
  readonly start: number
  readonly length: number
}

export interface ProductJob {
  /** count × inner */
  readonly rows: Float32Array
  readonly count: number
  /** outer × inner */
  readonly matrix: Float64Array
  readonly outer: number
  /** Of the answer: count × outer (`'frames'`), or outer × count. */
  readonly layout: FrameLayout
}

export interface Engine {
  readonly name: 'native' | 'wasm'
  /** For copies of what calls are given, and what is between two steps. */
  readonly scratch: ScratchMemory
  /** frames × bins (× 2), or frames × filters; or the other way round, as `layout` says. @throws NOT_FINITE */
  frames(job: FramesJob, options: CallOptions): Promise<Float32Array>
  /** Inverse transforms, windowed, added, divided by the sum of the squared windows where that is not 0. @throws NOT_FINITE */
  overlapAdd(job: OverlapJob, options: CallOptions): Promise<Float32Array>
  /** `count` rows of n numbers → count × bins × (re, im). */
  forward(rows: Float64Array, n: number, count: number, precision: Precision, options: CallOptions): Promise<Float64Array>
  /** count × bins × (re, im) → count rows of n numbers, divided by n. */
  inverse(spectra: Float64Array, n: number, count: number, precision: Precision, options: CallOptions): Promise<Float64Array>
  /** The largest value. @throws NOT_FINITE */
  maximum(values: Float32Array, options: CallOptions): Promise<number>
  /** Makes each value max(floor, 10 log₁₀ max(amin, x) − reference), or that of x² where `squared`. @throws NOT_FINITE, when some are made */
  decibels(values: Float32Array, scale: DecibelScale, options: CallOptions): Promise<void>
  /** Rows times the transposed matrix. */
  product(job: ProductJob, options: CallOptions): Promise<Float32Array>
}

export interface DecibelScale {
  readonly amin: number
  /** In dB. */
  readonly reference: number
  /** In dB; −Infinity for none. */
  readonly floor: number
  readonly squared: boolean
}
