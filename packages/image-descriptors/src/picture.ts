// Picture: the checked, private copy of one input that the descriptors read.

import { CbirError, describeType, type Tensor } from '@cbir/core'

/** RGB bytes, row-major: pixel (x, y) begins at `data[(y * width + x) * 3]`. Both sides are at least 1. */
export interface Picture {
  readonly data: Uint8Array
  readonly height: number
  readonly width: number
}

/**
 * Copies a tensor of shape [height, width, 3] (RGB) or [height, width, 1] and [height, width] (grey, which becomes R = G = B).
 * It is a copy because extraction goes on after the call has returned, and the caller may change the buffer by then.
 * @throws CbirError INVALID_ARGUMENT
 */
export function takePicture(tensor: Tensor<'u8'>, position: number): Picture {
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
  return { data: channels === 3 ? new Uint8Array(data) : greyToRgb(data), height, width }
}

function greyToRgb(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3)
  for (let i = 0, j = 0; i < grey.length; i++) {
    const value = grey[i]!
    rgb[j++] = value
    rgb[j++] = value
    rgb[j++] = value
  }
  return rgb
}
