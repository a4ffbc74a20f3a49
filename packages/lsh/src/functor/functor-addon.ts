// The part of the addon that trains and hashes: what native/functor/functor_addon.cc exports.

import type { NativeAddon, NativeControl } from '@cbir/native-kit'
import type { Normalization } from './normalization.ts'
import type { Sample } from './reservoir.ts'

/** A projection in native memory. Opaque. */
export type NativeProjection = object

export interface ItqTask extends Sample {
  readonly bits: number
  readonly iterations: number
  /** `bits × bits`, row-major: the first rotation is the orthogonal matrix closest to it. */
  readonly start: Float64Array
  /** `bits` rows of `dimensions`: the basis that the vectors are projected on; the principal components where absent. */
  readonly basis?: Float64Array | undefined
  /** One of `instructionSets`; the best of this processor where absent. */
  readonly instructionSet?: string | undefined
}

export interface ItqResult {
  /** `dimensions` rows of `bits` numbers: basis times rotation. */
  readonly matrix: Float32Array
  /** What the mean is projected on. */
  readonly thresholds: Float64Array
  /** Number *i* is ‖B − V·R‖² after *i* updates of the rotation; it never rises. */
  readonly losses: Float64Array
}

export interface FunctorAddon extends NativeAddon {
  trainItq(task: ItqTask, control?: NativeControl): Promise<ItqResult>
  createProjection(
    settings: {
      readonly dimensions: number
      readonly bits: number
      readonly norm: Normalization
      readonly instructionSet?: string | undefined
    },
    matrix: Float32Array,
    thresholds: Float64Array,
  ): NativeProjection
  /** Writes the codes of `count` vectors: a value where `now`, else a promise. */
  hash(
    projection: NativeProjection,
    vectors: Float32Array,
    count: number,
    codes: Uint8Array,
    now: boolean,
    control?: NativeControl,
  ): Promise<void> | undefined
}
