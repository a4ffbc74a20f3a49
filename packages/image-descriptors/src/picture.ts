// Picture: what the descriptors read, and how it is made from a checked input.

import { CbirError, describeType, type Tensor } from '@cbir/core'
import { SPAN, type Steps } from './steps.ts'

/** RGB bytes, row-major: pixel (x, y) begins at `data[(y * width + x) * 3]`. Both sides are at least 1. */
export interface Picture {
  readonly data: Uint8Array
  readonly height: number
  readonly width: number
}

/** An input of the right form. */
export interface CheckedInput extends Picture {
  /** 3 for RGB, 1 for grey. */
  readonly channels: 1 | 3
}

/**
 * Takes a tensor of shape [height, width, 3] (RGB), or [height, width, 1] or [height, width] (grey).
 * @throws CbirError INVALID_ARGUMENT
 */
export function checkInput(tensor: Tensor<'u8'>, position: number): CheckedInput {
  const fail = (what: string): never => {
    throw new CbirError(
      'INVALID_ARGUMENT',
      `Input ${position} ${what}. A picture is a tensor of dtype "u8" and shape [height, width, 3] (RGB) or [height, width, 1] (grey): ` +
        'let the loader give bytes with the channel last.',
      { details: { input: position } },
    )
  }
  const { dtype, shape, data } = (tensor ?? {}) as Tensor<'u8'>
  if (dtype !== 'u8') fail(`has dtype ${JSON.stringify(dtype) ?? describeType(tensor)}`)
  if (!Array.isArray(shape)) fail('has no shape')
  const [height, width, channels = 1] = shape as readonly (number | undefined)[]
  const isSide = (side: unknown): side is number => Number.isInteger(side) && (side as number) > 0
  if (shape.length > 3 || !isSide(height) || !isSide(width) || (channels !== 1 && channels !== 3)) return fail(`has shape [${shape.join(', ')}]`)
  if (Object.prototype.toString.call(data) !== '[object Uint8Array]') fail(`holds its data as ${describeType(data)} and not as Uint8Array`)
  if (data.length !== height * width * channels) fail(`has ${data.length} bytes for shape [${shape.join(', ')}] (was its buffer transferred?)`)
  return { data, height, width, channels }
}

/** The input in colour: grey becomes R = G = B. */
export function* toRgb(input: CheckedInput): Steps<Picture> {
  if (input.channels === 3) return input
  const { data: grey, height, width } = input
  const data = new Uint8Array(grey.length * 3)
  for (let from = 0; from < grey.length; from += SPAN) {
    const to = Math.min(grey.length, from + SPAN)
    for (let i = from, j = from * 3; i < to; i++) {
      const value = grey[i]!
      data[j++] = value
      data[j++] = value
      data[j++] = value
    }
    yield
  }
  return { data, height, width }
}
