// Item checks: names, types and shapes of what a caller gave, against the model, before anything runs.

import { CbirError, describeType, type Tensor } from '@cbir/core'
import { dtypeFor, fits, ONNX_TYPE_OF } from '../model/element-type.ts'
import { isTensor, type OnnxInput } from '../onnx-input.ts'
import { type InputPlan, type ItemInput, sameShape, shapeText } from './plan-inputs.ts'

const TAGS: Readonly<Record<Tensor['dtype'], string>> = {
  f32: 'Float32Array',
  f64: 'Float64Array',
  u8: 'Uint8Array',
  i32: 'Int32Array',
  i64: 'BigInt64Array',
  bool: 'Uint8Array',
  string: 'Array',
}

/** A tensor that fits its input; `shape` is that of one item, a batch axis of 1 taken off. */
export interface CheckedTensor {
  readonly tensor: Tensor
  readonly shape: readonly number[]
}

/**
 * The tensors of an item in the order of `plan.items`.
 * @throws CbirError INVALID_ARGUMENT for a wrong name, type or array; DIMENSION_MISMATCH for a wrong shape
 */
export function checkItem(item: OnnxInput, index: number, plan: InputPlan): CheckedTensor[] {
  const named = tensorsByName(item, index, plan)
  return plan.items.map((input) => {
    const tensor = Object.hasOwn(named, input.name) ? named[input.name] : undefined
    const what = `Input ${index}${plan.items.length > 1 ? `, "${input.name}"` : ''}`
    if (!isTensor(tensor)) {
      throw new CbirError('INVALID_ARGUMENT', `${what} must be a tensor { dtype, shape, data }, got ${describeType(tensor)}.`)
    }
    checkType(what, tensor, input, plan.cast)
    const shape = itemShape(what, tensor, input)
    checkData(what, tensor)
    return { tensor, shape }
  })
}

function tensorsByName(item: OnnxInput, index: number, plan: InputPlan): Readonly<Record<string, Tensor>> {
  const names = plan.items.map(({ name }) => name)
  const needed = names.map((name) => `"${name}"`).join(', ')
  if (isTensor(item)) {
    if (plan.sole !== undefined && names.length === 1) return { [plan.sole]: item }
    throw new CbirError(
      'INVALID_ARGUMENT',
      `Input ${index} is one tensor, but the model takes ${names.length}: give an object with ${needed}, or fix the others through \`constants\`.`,
    )
  }
  if (typeof item !== 'object' || item === null) {
    throw new CbirError('INVALID_ARGUMENT', `Input ${index} must be a tensor or an object of tensors by name, got ${describeType(item)}.`)
  }
  const missing = names.filter((name) => !Object.hasOwn(item, name))
  const unknown = Object.keys(item).filter((name) => !names.includes(name))
  if (missing.length > 0 || unknown.length > 0) {
    throw new CbirError(
      'INVALID_ARGUMENT',
      `Input ${index} must have exactly ${needed}; ${[
        ...missing.map((name) => `"${name}" is missing`),
        ...unknown.map((name) => `"${name}" is not one of them`),
      ].join(', ')}.`,
    )
  }
  return item
}

function checkType(what: string, { dtype }: Tensor, input: ItemInput, cast: boolean): void {
  if (Object.hasOwn(ONNX_TYPE_OF, dtype) && fits(dtype, input.type, cast)) return
  const wanted = dtypeFor(input.type)
  const canCast = Object.hasOwn(ONNX_TYPE_OF, dtype) && fits(dtype, input.type, true)
  const advice = [
    ...(wanted === undefined ? [] : [`Let the loader give ${wanted}`]),
    ...(canCast ? [`${wanted === undefined ? 'Set' : 'set'} \`cast: true\` to have the numbers converted as they are (they are not scaled)`] : []),
  ].join(', or ')
  throw new CbirError(
    'INVALID_ARGUMENT',
    `${what} is ${String(dtype)}; the model wants ${input.type} for "${input.name}". ${advice === '' ? 'No tensor type fits' : advice}.`,
  )
}

function itemShape(what: string, { shape }: Tensor, input: ItemInput): readonly number[] {
  if (!shape.every((n) => Number.isSafeInteger(n) && n > 0)) {
    throw new CbirError('DIMENSION_MISMATCH', `${what} has shape ${shapeText(shape)}; every axis must be a positive integer.`)
  }
  const wanted = input.shape
  if (wanted === undefined || sameShape(shape, wanted)) return shape
  if (shape[0] === 1 && sameShape(shape.slice(1), wanted)) return shape.slice(1)
  throw new CbirError(
    'DIMENSION_MISMATCH',
    `${what} has shape ${shapeText(shape)}; the model wants ${shapeText(wanted)} for each item of "${input.name}". ${advice(shape, wanted)}`,
    { details: { got: [...shape], expected: [...wanted], input: input.name } },
  )
}

/** The two layouts of pictures are told apart by where the channels would have to be for the shape to fit. */
function advice(shape: readonly number[], wanted: ItemInput['shape'] & object): string {
  const item = shape.length === wanted.length + 1 && shape[0] === 1 ? shape.slice(1) : shape
  if (item.length === 3 && wanted.length === 3) {
    const [a, b, c] = item as [number, number, number]
    if (sameShape([c, a, b], wanted)) return 'The channels are last, the model wants them first: choose the layout NCHW in the loader.'
    if (sameShape([b, c, a], wanted)) return 'The channels are first, the model wants them last: choose the layout NHWC in the loader.'
    return "Choose the loader's preset or size that gives this shape."
  }
  if (shape.length === wanted.length + 1 && sameShape(shape.slice(1), wanted)) return `Give the ${shape[0]} items of this batch one by one.`
  return 'Give items of that shape.'
}

function checkData(what: string, { dtype, shape, data }: Tensor): void {
  const size = shape.reduce((product, n) => product * n, 1)
  if (describeType(data) !== TAGS[dtype]) {
    throw new CbirError('INVALID_ARGUMENT', `${what} is ${dtype}, so its data must be ${TAGS[dtype]}, got ${describeType(data)}.`)
  }
  if (data.length !== size) {
    throw new CbirError(
      'INVALID_ARGUMENT',
      `${what} has ${data.length} numbers, but its shape ${shapeText(shape)} holds ${size}. Was its buffer transferred or cut?`,
    )
  }
  if (dtype !== 'string') return
  const wrong = (data as readonly unknown[]).find((value) => typeof value !== 'string')
  if (wrong !== undefined) throw new CbirError('INVALID_ARGUMENT', `${what} must hold strings, got ${describeType(wrong)}.`)
}
