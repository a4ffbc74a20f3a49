// Input plan: which of the model's inputs an item fills, which are constant, and how many items fit in a run.

import { CbirError, type TensorData, type TensorType } from '@cbir/core'
import type { ConstantInput } from '../../worker/protocol.mjs'
import { fits, ONNX_TYPE_OF, type OnnxElementType } from '../model/element-type.ts'
import type { OnnxDimension, OnnxValue } from '../model/onnx-model.ts'
import type { ConstantTensor } from '../onnx-input.ts'

/** One input that every item fills. */
export interface ItemInput {
  readonly name: string
  readonly type: OnnxElementType
  /** Of one item, without the batch axis; undefined where the model does not even say how many axes there are. */
  readonly shape: readonly OnnxDimension[] | undefined
}

export interface InputPlan {
  readonly items: readonly ItemInput[]
  /** The input that a bare tensor fills. */
  readonly sole: string | undefined
  readonly constants: readonly ConstantInput[]
  /** Items a run, where the model fixes it. */
  readonly fixedBatch: number | undefined
  readonly batched: boolean
  readonly cast: boolean
}

export interface InputChoices {
  readonly input?: string | undefined
  readonly constants: Readonly<Record<string, ConstantTensor>>
  readonly batched: boolean
  readonly cast: boolean
}

/** @throws CbirError INVALID_CONFIG, NOT_SUPPORTED */
export function planInputs(inputs: readonly OnnxValue[], choices: InputChoices): InputPlan {
  const names = inputs.map(({ name }) => name)
  for (const name of [...Object.keys(choices.constants), ...(choices.input === undefined ? [] : [choices.input])]) {
    if (!names.includes(name)) throw new CbirError('INVALID_CONFIG', `The model has no input "${name}". Its inputs are ${listInputs(inputs)}.`)
  }
  const free = inputs.filter(({ name }) => !Object.hasOwn(choices.constants, name))
  if (choices.input !== undefined && !free.some(({ name }) => name === choices.input)) {
    throw new CbirError('INVALID_CONFIG', `"${choices.input}" cannot be both \`input\` and one of \`constants\`.`)
  }
  if (free.length === 0) throw new CbirError('INVALID_CONFIG', 'Every input of the model is constant, so an item has nothing to fill. Leave one out.')
  const items = free.map((value) => ({ name: value.name, type: inputType(value), shape: choices.batched ? value.shape?.slice(1) : value.shape }))
  return {
    items,
    sole: choices.input ?? (free.length === 1 ? free[0]!.name : undefined),
    constants: inputs.flatMap((value) => {
      const constant = choices.constants[value.name]
      return constant === undefined || !Object.hasOwn(choices.constants, value.name) ? [] : [constantInput(value, constant)]
    }),
    fixedBatch: choices.batched ? fixedBatch(free) : 1,
    batched: choices.batched,
    cast: choices.cast,
  }
}

function inputType(value: OnnxValue): OnnxElementType {
  if (value.isTensor && value.type !== undefined && value.type !== 'other') return value.type
  throw new CbirError('NOT_SUPPORTED', `The input "${value.name}" of the model takes ${describeInput(value)}, which no tensor here can hold.`)
}

function fixedBatch(inputs: readonly OnnxValue[]): number | undefined {
  const sizes = new Set<number>()
  for (const { name, shape } of inputs) {
    if (shape?.length === 0) {
      throw new CbirError(
        'INVALID_CONFIG',
        `The input "${name}" of the model is a single number without a batch axis. Give it through \`constants\`, or set \`batched: false\` if the whole model takes one item at a time.`,
      )
    }
    if (typeof shape?.[0] === 'number') sizes.add(shape[0])
  }
  const [size, ...others] = sizes
  if (others.length > 0 || size === 0) {
    throw new CbirError(
      'INVALID_CONFIG',
      `The first axes of the model's inputs (${listInputs(inputs)}) do not count items. Set \`batched: false\` and give items of the whole shape.`,
    )
  }
  return size
}

function constantInput(value: OnnxValue, { dtype, shape, data }: ConstantTensor): ConstantInput {
  const type = inputType(value)
  if (!fits(dtype, type, false)) {
    throw new CbirError('INVALID_CONFIG', `The constant input "${value.name}" is ${dtype}; the model wants ${describeInput(value)}.`)
  }
  const size = shape.reduce((product, n) => product * n, 1)
  const wrong = value.shape !== undefined && !sameShape(shape, value.shape)
  if (wrong || data.length !== size) {
    throw new CbirError(
      'INVALID_CONFIG',
      `The constant input "${value.name}" has shape ${shapeText(shape)} and ${data.length} numbers; the model wants ${describeInput(value)}.`,
    )
  }
  return { name: value.name, type: ONNX_TYPE_OF[dtype], dims: shape, data: constantData(value.name, dtype, data) }
}

const MAKE: { readonly [D in Exclude<TensorType, 'string'>]: (data: readonly number[]) => TensorData[D] } = {
  f32: (data) => Float32Array.from(data),
  f64: (data) => Float64Array.from(data),
  u8: (data) => Uint8Array.from(data),
  i32: (data) => Int32Array.from(data),
  i64: (data) => BigInt64Array.from(data, BigInt),
  bool: (data) => Uint8Array.from(data, Number),
}

function constantData(name: string, dtype: TensorType, data: ConstantTensor['data']): ConstantInput['data'] {
  if (dtype === 'string') return data.map(String)
  const wrong = data.find((value) => typeof value !== 'number' || (dtype !== 'f32' && dtype !== 'f64' && !Number.isSafeInteger(value)))
  if (wrong !== undefined) throw new CbirError('INVALID_CONFIG', `The constant input "${name}" is ${dtype} but holds ${JSON.stringify(wrong)}.`)
  return MAKE[dtype](data as readonly number[])
}

/** Whether a shape fits one that may have open axes. */
export function sameShape(shape: readonly number[], wanted: readonly OnnxDimension[]): boolean {
  return shape.length === wanted.length && wanted.every((dimension, i) => typeof dimension === 'string' || dimension === shape[i])
}

/** A shape for messages: `N,3,227,227`; an open axis without a name is `?`, no axis at all is `()`. */
export function shapeText(shape: readonly OnnxDimension[]): string {
  return shape.length === 0 ? '()' : shape.map((dimension) => (dimension === '' ? '?' : dimension)).join(',')
}

function describeInput({ isTensor, type, shape }: OnnxValue): string {
  if (!isTensor) return 'a sequence or map'
  return `${type ?? 'any type'} ${shape ? shapeText(shape) : 'of any shape'}`
}

/** The inputs of a model for messages: `data (float32 N,3,227,227)`. */
export function listInputs(inputs: readonly OnnxValue[]): string {
  return inputs.map((value) => `${value.name} (${describeInput(value)})`).join(', ')
}
