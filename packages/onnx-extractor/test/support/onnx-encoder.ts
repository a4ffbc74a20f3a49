// A tiny encoder of ONNX models, so that most tests need no model file. Field numbers: onnx/onnx.proto.

export type Bytes = readonly number[]

export function varint(value: number | bigint): number[] {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  bytes.push(Number(rest))
  return bytes
}

export function bytesField(number: number, content: Bytes | Uint8Array | string): number[] {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes]
}

export function intField(number: number, value: number | bigint): number[] {
  return [...varint(number * 8), ...varint(value)]
}

export const FLOAT = 1
export const UINT8 = 2
export const INT32 = 6
export const INT64 = 7
export const STRING = 8
export const BOOL = 9
export const FLOAT16 = 10
export const DOUBLE = 11

export type Shape = readonly (number | string)[]

/** A ValueInfoProto; without a shape the type alone, without a type the name alone. */
export function value(name: string, type?: number, shape?: Shape): number[] {
  const dims = (shape ?? []).flatMap((dim) => bytesField(1, typeof dim === 'number' ? intField(1, dim) : bytesField(2, dim)))
  const tensor = type === undefined ? [] : [...intField(1, type), ...(shape ? bytesField(2, dims) : [])]
  return [...bytesField(1, name), ...(type === undefined ? [] : bytesField(2, bytesField(1, tensor)))]
}

/** A TensorProto of float32 numbers. */
export function floats(name: string, dims: readonly number[], data: readonly number[]): number[] {
  const raw = new Uint8Array(Float32Array.from(data).buffer)
  return [...dims.flatMap((n) => intField(1, n)), ...intField(2, FLOAT), ...bytesField(8, name), ...bytesField(9, raw)]
}

/** A TensorProto of int64 numbers. */
export function int64s(name: string, dims: readonly number[], data: readonly number[]): number[] {
  const raw = new Uint8Array(BigInt64Array.from(data, BigInt).buffer)
  return [...dims.flatMap((n) => intField(1, n)), ...intField(2, INT64), ...bytesField(8, name), ...bytesField(9, raw)]
}

/** A TensorProto whose float32 numbers lie in another file. */
export function external(name: string, dims: readonly number[], location: string, length: number): number[] {
  const entry = (key: string, text: string): number[] => bytesField(13, [...bytesField(1, key), ...bytesField(2, text)])
  return [
    ...dims.flatMap((n) => intField(1, n)),
    ...intField(2, FLOAT),
    ...bytesField(8, name),
    ...entry('location', location),
    ...entry('offset', '0'),
    ...entry('length', String(length)),
    ...intField(14, 1),
  ]
}

/** AttributeProtos. */
export const attribute = {
  int: (name: string, n: number): number[] => [...bytesField(1, name), ...intField(3, n), ...intField(20, 2)],
  graph: (name: string, content: Bytes): number[] => [...bytesField(1, name), ...bytesField(6, content), ...intField(20, 5)],
}

/** A NodeProto. */
export function node(op: string, inputs: readonly string[], outputs: readonly string[], attributes: readonly Bytes[] = [], domain = ''): number[] {
  return [
    ...inputs.flatMap((name) => bytesField(1, name)),
    ...outputs.flatMap((name) => bytesField(2, name)),
    ...bytesField(4, op),
    ...attributes.flatMap((bytes) => bytesField(5, bytes)),
    ...(domain === '' ? [] : bytesField(7, domain)),
  ]
}

export interface Graph {
  readonly nodes: readonly Bytes[]
  readonly inputs: readonly Bytes[]
  readonly outputs: readonly Bytes[]
  readonly initializers?: readonly Bytes[]
}

export function graph({ nodes, inputs, outputs, initializers = [] }: Graph): number[] {
  return [
    ...nodes.flatMap((bytes) => bytesField(1, bytes)),
    ...bytesField(2, 'test'),
    ...initializers.flatMap((bytes) => bytesField(5, bytes)),
    ...inputs.flatMap((bytes) => bytesField(11, bytes)),
    ...outputs.flatMap((bytes) => bytesField(12, bytes)),
  ]
}

/** A ModelProto of opset 17. */
export function model(content: Graph): Uint8Array {
  const opset = (domain: string, version: number): number[] => bytesField(8, [...bytesField(1, domain), ...intField(2, version)])
  return Uint8Array.from([...intField(1, 8), ...bytesField(7, graph(content)), ...opset('', 17), ...opset('ai.onnx.ml', 3)])
}

/** The smallest model: what goes in comes out. */
export function identity(shape: Shape, type: number = FLOAT, outputShape: Shape | undefined = shape): Uint8Array {
  return model({ nodes: [node('Identity', ['x'], ['y'])], inputs: [value('x', type, shape)], outputs: [value('y', type, outputShape)] })
}
