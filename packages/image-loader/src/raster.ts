// Raster: decoded pixels, before they become a tensor.

import type { Size } from './image-loader-config.ts'

/** 8-bit sRGB pixels, row by row, three bytes each. `data` may be handed on to the caller: nobody else holds it. */
export interface Raster extends Size {
  readonly data: Uint8Array
}
