// Luma: the grey of a picture (Rec. 601 weights, rounded to bytes). Greys stay exactly what they are.

import type { Picture } from './picture.ts'
import { SPAN, type Steps } from './steps.ts'

/** A plane of grey bytes with `margin` pixels around it that repeat the picture's edge. */
export interface GreyPlane {
  readonly data: Uint8Array
  readonly stride: number
  readonly margin: number
}

export function* greyOf({ data, height, width }: Picture, margin: number): Steps<GreyPlane> {
  const stride = width + 2 * margin
  const grey = new Uint8Array(stride * (height + 2 * margin))
  for (let y = 0; y < height; y++) {
    const row = (y + margin) * stride + margin
    for (let x = 0; x < width; x += SPAN) {
      const end = Math.min(width, x + SPAN)
      for (let i = x, at = (y * width + x) * 3; i < end; i++, at += 3) {
        grey[row + i] = (19595 * data[at]! + 38470 * data[at + 1]! + 7471 * data[at + 2]! + 32768) >> 16
      }
      yield
    }
    grey.fill(grey[row]!, row - margin, row)
    grey.fill(grey[row + width - 1]!, row + width, row + width + margin)
  }
  for (let i = 0; i < margin; i++) {
    grey.copyWithin(i * stride, margin * stride, (margin + 1) * stride)
    grey.copyWithin((height + margin + i) * stride, (height + margin - 1) * stride, (height + margin) * stride)
  }
  return { data: grey, stride, margin }
}
