// Tensor: the n-dimensional array that loaders hand to extractors.

/** The array type of each element type. `f32` is 32-bit float, `u8` 8-bit unsigned, `i64` 64-bit signed. */
export interface TensorData {
  readonly f32: Float32Array
  readonly f64: Float64Array
  readonly u8: Uint8Array
  readonly i32: Int32Array
  readonly i64: BigInt64Array
  readonly bool: Uint8Array
  readonly string: readonly string[]
}

export type TensorType = keyof TensorData

/** An n-dimensional array, row-major: the product of `shape` is the length of `data`. */
export interface Tensor<D extends TensorType = TensorType> {
  readonly dtype: D
  readonly shape: readonly number[]
  readonly data: TensorData[D]
  /** What the axes mean, where the maker knows it, e.g. `['height', 'width', 'channel']`. */
  readonly axes?: readonly string[]
}
