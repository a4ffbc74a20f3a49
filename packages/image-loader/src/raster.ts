// Raster: decoded pixels, before they become a tensor.

import type { Size } from './image-loader-config.ts'

/** 8-bit sRGB pixels, row by row, three bytes each. */
export interface Raster extends Size {
  readonly data: Uint8Array
}

/**
 * Pixels that may be made only when they are asked for, a row at a time and from the top down, so that no memory for all of them is needed.
 * `row(y)` gives where in `data` row `y` begins; it lies there until the next call.
 */
export interface PixelRows extends Raster {
  row(y: number): number
  /** Whether `data` is the whole picture, row after row, that nobody else holds: then it may become the caller's. */
  readonly whole: boolean
}

/** The rows of a picture that is there already. */
export function rowsOf(raster: Raster): PixelRows {
  const stride = 3 * raster.width
  return { ...raster, whole: true, row: (y) => y * stride }
}
