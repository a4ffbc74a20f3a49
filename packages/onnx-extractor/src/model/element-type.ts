// Element types: ONNX's numbers, onnxruntime's names, and the tensor types of core that fit them.

import type { TensorType } from '@cbir/core'

/** onnxruntime's name of an element type. `other` stands for those that no JavaScript tensor can hold (complex, bfloat16, 8-bit floats). */
export type OnnxElementType =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'uint32'
  | 'int32'
  | 'uint64'
  | 'int64'
  | 'bool'
  | 'string'
  | 'other'

/** By `TensorProto.DataType`. */
const NAMES: Readonly<Record<number, OnnxElementType>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  8: 'string',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
}

export function elementTypeName(number: number): OnnxElementType {
  return NAMES[number] ?? 'other'
}

/** The ONNX type that holds the same numbers as a tensor of core. */
export const ONNX_TYPE_OF: Readonly<Record<TensorType, OnnxElementType>> = {
  f32: 'float32',
  f64: 'float64',
  u8: 'uint8',
  i32: 'int32',
  i64: 'int64',
  bool: 'bool',
  string: 'string',
}

/** Conversions that `cast` allows: those that keep the value, or lose only digits of a float. */
const CASTS: Readonly<Record<TensorType, readonly OnnxElementType[]>> = {
  f32: ['float64', 'float16'],
  f64: ['float32', 'float16'],
  u8: ['float32', 'float64', 'float16', 'int32', 'int64'],
  i32: ['float32', 'float64', 'int64'],
  i64: [],
  bool: ['float32', 'float64', 'float16', 'uint8', 'int32', 'int64'],
  string: [],
}

/** Whether a tensor of core can be given where the model wants `type`. */
export function fits(dtype: TensorType, type: OnnxElementType, cast: boolean): boolean {
  return ONNX_TYPE_OF[dtype] === type || (cast && CASTS[dtype].includes(type))
}

/** The tensor type of core that fits without a conversion, for messages; undefined where none does. */
export function dtypeFor(type: OnnxElementType): TensorType | undefined {
  return (Object.keys(ONNX_TYPE_OF) as TensorType[]).find((dtype) => ONNX_TYPE_OF[dtype] === type)
}
