// readOnnxModel: what an ONNX file says of its inputs, outputs, inner tensors and external data, by a small walk over its protobuf.
// Field numbers: github.com/onnx/onnx, onnx/onnx.proto

import { TimeSlice } from '@cbir/core/define'
import { elementTypeName, type OnnxElementType } from './element-type.ts'
import { damagedModel, ProtobufReader } from './protobuf-reader.ts'

/** An axis: its size, or the name of a size that each run chooses (`''` where it has no name). */
export type OnnxDimension = number | string

/** An input or output of a model. */
export interface OnnxValue {
  readonly name: string
  /** False for sequences, maps and optionals. */
  readonly isTensor: boolean
  /** Absent where the model does not say. */
  readonly type?: OnnxElementType | undefined
  /** Absent where not even the number of axes is known. */
  readonly shape?: readonly OnnxDimension[] | undefined
}

/** A tensor that a node of the main graph computes; any of them can be asked for as output. */
export interface OnnxInnerTensor {
  readonly name: string
  readonly opType: string
}

export interface OnnxModel {
  /** What a caller has to give: the graph's inputs without those that have a stored default. */
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
  /** Every output of every node, in the file's order. */
  readonly tensors: readonly OnnxInnerTensor[]
  /** Files beside the model that hold weights, relative to its folder as the model writes them, each once. */
  readonly externalFiles: readonly string[]
}

const MODEL = { graph: 7 }
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, sparseInitializer: 15 }
const NODE = { output: 2, opType: 4, attribute: 5 }
const ATTRIBUTE = { tensor: 5, graph: 6, tensors: 10, graphs: 11, sparse: 22, sparses: 23 }
const TENSOR = { name: 8, externalData: 13, dataLocation: 14 }
const SPARSE = { values: 1, indices: 2 }
const ENTRY = { key: 1, value: 2 }
const VALUE = { name: 1, type: 2 }
const TYPE = { tensor: 1 }
const TENSOR_TYPE = { elementType: 1, shape: 2 }
const SHAPE = { dimension: 1 }
const DIMENSION = { value: 1, parameter: 2 }
const DATA_LOCATION_EXTERNAL = 1

/** Graphs inside graphs (the branches of If, the body of Loop). Real models nest three or four deep. */
const MAX_DEPTH = 64

/**
 * Reads the outline of an ONNX model; weights are stepped over. The event loop gets its turns on large files.
 * @throws CbirError INVALID_MODEL for bytes that are not a whole ONNX model
 */
export async function readOnnxModel(bytes: Uint8Array): Promise<OnnxModel> {
  const walk = new Walk()
  const reader = new ProtobufReader(bytes)
  let hasGraph = false
  while (reader.next()) {
    if (reader.field !== MODEL.graph) continue
    // A second graph field is merged into the first, as protobuf defines.
    hasGraph = true
    await walk.graph(reader.message(), 0)
  }
  if (!hasGraph) throw damagedModel(bytes.length === 0 ? 'there are none' : 'they hold no graph')
  return {
    inputs: walk.inputs.filter(({ name }) => !walk.initializers.has(name)),
    outputs: walk.outputs,
    tensors: walk.tensors,
    externalFiles: [...walk.externalFiles],
  }
}

class Walk {
  readonly inputs: OnnxValue[] = []
  readonly outputs: OnnxValue[] = []
  readonly tensors: OnnxInnerTensor[] = []
  readonly initializers: Set<string> = new Set()
  readonly externalFiles: Set<string> = new Set()
  private readonly slice = new TimeSlice()
  private steps = 0

  /** Names of graphs inside nodes cannot be asked for from outside, so below depth 0 only external files are noted. */
  async graph(reader: ProtobufReader, depth: number): Promise<void> {
    if (depth > MAX_DEPTH) throw damagedModel(`graphs are nested deeper than ${MAX_DEPTH}`)
    while (await this.step(reader)) {
      if (reader.field === GRAPH.node) await this.node(reader.message(), depth)
      else if (reader.field === GRAPH.initializer) await this.tensor(reader.message(), depth)
      else if (reader.field === GRAPH.sparseInitializer) await this.sparse(reader.message(), depth)
      else if (depth === 0 && reader.field === GRAPH.input) this.inputs.push(readValue(reader.message()))
      else if (depth === 0 && reader.field === GRAPH.output) this.outputs.push(readValue(reader.message()))
    }
  }

  private async node(reader: ProtobufReader, depth: number): Promise<void> {
    const outputs: string[] = []
    let opType = ''
    while (await this.step(reader)) {
      if (reader.field === NODE.output) outputs.push(reader.text())
      else if (reader.field === NODE.opType) opType = reader.text()
      else if (reader.field === NODE.attribute) await this.attribute(reader.message(), depth)
    }
    if (depth > 0) return
    for (const name of outputs) if (name !== '') this.tensors.push({ name, opType })
  }

  private async attribute(reader: ProtobufReader, depth: number): Promise<void> {
    while (await this.step(reader)) {
      const { field } = reader
      if (field === ATTRIBUTE.graph || field === ATTRIBUTE.graphs) await this.graph(reader.message(), depth + 1)
      else if (field === ATTRIBUTE.tensor || field === ATTRIBUTE.tensors) await this.tensor(reader.message(), depth + 1)
      else if (field === ATTRIBUTE.sparse || field === ATTRIBUTE.sparses) await this.sparse(reader.message(), depth + 1)
    }
  }

  private async sparse(reader: ProtobufReader, depth: number): Promise<void> {
    while (await this.step(reader)) {
      if (reader.field === SPARSE.values || reader.field === SPARSE.indices) await this.tensor(reader.message(), depth)
    }
  }

  private async tensor(reader: ProtobufReader, depth: number): Promise<void> {
    let isExternal = false
    let location: string | undefined
    while (await this.step(reader)) {
      if (reader.field === TENSOR.name && depth === 0) this.initializers.add(reader.text())
      else if (reader.field === TENSOR.dataLocation) isExternal = reader.int() === DATA_LOCATION_EXTERNAL
      else if (reader.field === TENSOR.externalData) location = readEntry(reader.message(), 'location') ?? location
    }
    if (!isExternal) return
    if (location === undefined || location === '') throw damagedModel('weights lie in another file that is not named')
    this.externalFiles.add(location)
  }

  private async step(reader: ProtobufReader): Promise<boolean> {
    if ((++this.steps & 255) === 0 && this.slice.due()) await this.slice.pause()
    return reader.next()
  }
}

/** The value of a key-value entry, if its key is `wanted`. */
function readEntry(reader: ProtobufReader, wanted: string): string | undefined {
  let key = ''
  let value = ''
  while (reader.next()) {
    if (reader.field === ENTRY.key) key = reader.text()
    else if (reader.field === ENTRY.value) value = reader.text()
  }
  return key === wanted ? value : undefined
}

function readValue(reader: ProtobufReader): OnnxValue {
  let name = ''
  let value: Omit<OnnxValue, 'name'> = { isTensor: true }
  while (reader.next()) {
    if (reader.field === VALUE.name) name = reader.text()
    else if (reader.field === VALUE.type) value = readType(reader.message())
  }
  return { name, ...value }
}

function readType(reader: ProtobufReader): Omit<OnnxValue, 'name'> {
  let value: Omit<OnnxValue, 'name'> = { isTensor: false }
  while (reader.next()) {
    if (reader.field !== TYPE.tensor) continue
    const inner = reader.message()
    let type: OnnxElementType | undefined
    let shape: OnnxDimension[] | undefined
    while (inner.next()) {
      if (inner.field === TENSOR_TYPE.elementType) type = elementTypeName(inner.int())
      else if (inner.field === TENSOR_TYPE.shape) shape = readShape(inner.message())
    }
    value = { isTensor: true, type, shape }
  }
  return value
}

function readShape(reader: ProtobufReader): OnnxDimension[] {
  const shape: OnnxDimension[] = []
  while (reader.next()) {
    if (reader.field !== SHAPE.dimension) continue
    const inner = reader.message()
    let dimension: OnnxDimension = ''
    while (inner.next()) {
      if (inner.field === DIMENSION.value) dimension = inner.int() >= 0 ? inner.int() : ''
      else if (inner.field === DIMENSION.parameter) dimension = inner.text()
    }
    shape.push(dimension)
  }
  return shape
}
