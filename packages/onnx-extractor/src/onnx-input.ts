// What the extractor takes: a tensor, or for a model with several inputs one by name.

import type { Tensor } from '@cbir/core'

/**
 * One item. A bare tensor goes to the model's only input (or the one that the configuration names); for a model with several inputs, a tensor for
 * each by its name. Its shape is that of the model's input without the batch axis; a batch axis of 1 in front may be there.
 */
export type OnnxInput = Tensor | Readonly<Record<string, Tensor>>

/** A tensor as data, for inputs that are the same for every item. */
export interface ConstantTensor {
  /** Type of the numbers, as in core's `Tensor`. */
  readonly dtype: 'f32' | 'f64' | 'u8' | 'i32' | 'i64' | 'bool' | 'string'
  /** `[]` for a single number. */
  readonly shape: readonly number[]
  /** Row-major; integers for the integer types (exact up to 2^53), 0 and 1 for `bool`. */
  readonly data: readonly number[] | readonly string[]
}

export function isTensor(value: unknown): value is Tensor {
  const tensor = value as Partial<Tensor> | null
  return typeof tensor === 'object' && tensor !== null && typeof tensor.dtype === 'string' && Array.isArray(tensor.shape) && 'data' in tensor
}
