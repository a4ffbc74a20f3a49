// Enlargement. libvips reduces with a true resampling filter, but it enlarges with an interpolation that lies half a result pixel beside the
// place where Pillow, OpenCV and the networks trained with them expect it. So pictures are made larger here: the two passes of Pillow, with its
// 22-bit weights and its rounding to bytes between them, hence its very numbers.

import { type AxisWeights, axisWeights, PRECISION } from './axis-weights.ts'
import type { Region } from './image-geometry.ts'
import type { Kernel, Size } from './image-loader-config.ts'
import type { PixelRows, Raster } from './raster.ts'

const HALF = 1 << (PRECISION - 1)

/** What is read of the source, and with which weights. */
export interface Enlargement {
  /** The source columns that the kept part needs; the raster given to {@link enlargedRows} holds these alone. */
  readonly columns: { readonly left: number; readonly width: number }
  /** Its places count from `columns.left`. */
  readonly across: AxisWeights
  readonly down: AxisWeights
}

/** Plans the part `kept` of a `source` that is made as large as `resized`, neither side of which is smaller. */
export function planEnlargement(source: Size, resized: Size, kept: Region, kernel: Kernel): Enlargement {
  const { first, weights, taps, linear } = axisWeights(source.width, resized.width, kept.left, kept.width, kernel)
  const left = first[0]!
  const width = first[kept.width - 1]! + taps - left
  return {
    columns: { left, width },
    across: { first: first.map((column) => column - left), weights, taps, linear },
    down: axisWeights(source.height, resized.height, kept.top, kept.height, kernel),
  }
}

/**
 * The enlarged rows, each computed when it is asked for. Of the stretched source rows only as many are held as a result row mixes, so what is
 * worked on stays in the processor's nearest cache.
 */
export function enlargedRows(raster: Raster, { across, down }: Enlargement): PixelRows {
  const stride = 3 * across.first.length
  const { taps } = down
  const data = new Uint8Array(stride)
  // Stretched source rows: source row r lies in place r % taps.
  const ring = Array.from({ length: taps }, () => new Uint8Array(stride))
  const held = new Int32Array(taps).fill(-1)
  const stretched = (source: number): Uint8Array => {
    const slot = source % taps
    const result = ring[slot]!
    if (held[slot] !== source) stretch(raster.data, source * raster.width * 3, result, across)
    held[slot] = source
    return result
  }
  const row = (y: number): number => {
    const first = down.first[y]!
    if (down.linear) mixTwo(stretched(first), stretched(first + 1), data, down.weights[2 * y]!, down.weights[2 * y + 1]!)
    else {
      const rows = ring.map((_, k) => stretched(first + k))
      mix(rows, data, down.weights, y * taps)
    }
    return 0
  }
  return { data, width: across.first.length, height: down.first.length, whole: false, row }
}

/** One row, from the source's width to the result's. */
function stretch(source: Uint8Array, from: number, result: Uint8Array, { first, weights, taps, linear }: AxisWeights): void {
  const count = first.length
  if (linear) {
    // The linear kernel, by far the most frequent: half the time of the loop below.
    for (let i = 0, w = 0, o = 0; i < count; i++, w += 2, o += 3) {
      const p = from + Math.imul(first[i]!, 3)
      const left = weights[w]!
      const right = weights[w + 1]!
      result[o] = (HALF + Math.imul(source[p]!, left) + Math.imul(source[p + 3]!, right)) >> PRECISION
      result[o + 1] = (HALF + Math.imul(source[p + 1]!, left) + Math.imul(source[p + 4]!, right)) >> PRECISION
      result[o + 2] = (HALF + Math.imul(source[p + 2]!, left) + Math.imul(source[p + 5]!, right)) >> PRECISION
    }
    return
  }
  for (let i = 0, w = 0, o = 0; i < count; i++, o += 3) {
    let red = HALF
    let green = HALF
    let blue = HALF
    for (let k = 0, p = from + first[i]! * 3; k < taps; k++, w++, p += 3) {
      const weight = weights[w]!
      red += Math.imul(source[p]!, weight)
      green += Math.imul(source[p + 1]!, weight)
      blue += Math.imul(source[p + 2]!, weight)
    }
    result[o] = clamp(red >> PRECISION)
    result[o + 1] = clamp(green >> PRECISION)
    result[o + 2] = clamp(blue >> PRECISION)
  }
}

/** The mix of two rows. Four bytes a step: with one, a third of the time goes into the loop itself. */
function mixTwo(above: Uint8Array, below: Uint8Array, result: Uint8Array, upper: number, lower: number): void {
  const { length } = result
  let i = 0
  for (; i < length - 3; i += 4) {
    result[i] = (HALF + Math.imul(above[i]!, upper) + Math.imul(below[i]!, lower)) >> PRECISION
    result[i + 1] = (HALF + Math.imul(above[i + 1]!, upper) + Math.imul(below[i + 1]!, lower)) >> PRECISION
    result[i + 2] = (HALF + Math.imul(above[i + 2]!, upper) + Math.imul(below[i + 2]!, lower)) >> PRECISION
    result[i + 3] = (HALF + Math.imul(above[i + 3]!, upper) + Math.imul(below[i + 3]!, lower)) >> PRECISION
  }
  for (; i < length; i++) result[i] = (HALF + Math.imul(above[i]!, upper) + Math.imul(below[i]!, lower)) >> PRECISION
}

/** The mix of as many rows as there are, with the weights from `w` on. */
function mix(rows: readonly Uint8Array[], result: Uint8Array, weights: Int32Array, w: number): void {
  for (let i = 0; i < result.length; i++) {
    let sum = HALF
    for (let k = 0; k < rows.length; k++) sum += Math.imul(rows[k]![i]!, weights[w + k]!)
    result[i] = clamp(sum >> PRECISION)
  }
}

/** Kernels with negative lobes go below 0 and above 255; Pillow cuts them off. */
function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value
}
