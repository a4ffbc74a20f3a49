// Tensors for tests.

import type { Tensor } from '@cbir/core'

export function f32(shape: readonly number[], data: readonly number[] | Float32Array): Tensor<'f32'> {
  return { dtype: 'f32', shape, data: Float32Array.from(data) }
}

/** The rows of a batch as plain numbers. */
export function rowsOf({ data, dimensions }: { data: Float32Array; dimensions: number }): number[][] {
  return Array.from({ length: data.length / dimensions }, (_, i) => [...data.subarray(i * dimensions, (i + 1) * dimensions)])
}
