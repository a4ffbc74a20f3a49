// Enlargement. libvips reduces with a true resampling filter, but it enlarges with an interpolation that lies half a result pixel beside the
// place where Pillow, OpenCV and the networks trained with them expect it. So pictures are made larger here: the two passes of Pillow, with its
// 22-bit weights and its rounding to bytes between them, hence its very numbers.

import { inSlices } from '@cbir/core/define'
import type { Region } from './image-geometry.ts'
import type { Kernel, Size } from './image-loader-config.ts'
import type { Raster } from './raster.ts'
import { RESAMPLING_KERNELS } from './resampling-kernels.ts'

const PRECISION = 22
const HALF = 1 << (PRECISION - 1)

/** Bytes made between two looks at the clock: well below a millisecond. */
const STEP = 1 << 15

/** For each kept result pixel of one axis: the first source pixel that it reads, and the weights of that and the following ones. */
interface AxisWeights {
  readonly first: Int32Array
  readonly weights: Int32Array
  /** Weights a result pixel. */
  readonly taps: number
}

function axisWeights(source: number, result: number, from: number, count: number, kernel: Kernel): AxisWeights {
  const { support, weight } = RESAMPLING_KERNELS[source === result ? 'nearest' : kernel]
  const taps = Math.min(source, 2 * Math.ceil(support))
  const first = new Int32Array(count)
  const weights = new Int32Array(count * taps)
  for (let i = 0; i < count; i++) {
    const centre = ((from + i + 0.5) * source) / result
    const low = Math.max(0, Math.floor(centre - support + 0.5))
    const start = Math.min(low, source - taps)
    first[i] = start
    let sum = 0
    for (let k = 0; k < taps; k++) sum += weight(start + k + 0.5 - centre)
    for (let k = 0; k < taps; k++) weights[i * taps + k] = Math.round((weight(start + k + 0.5 - centre) / sum) * 2 ** PRECISION)
  }
  return { first, weights, taps }
}

/**
 * The part `kept` of `raster` after it was enlarged to `resized`. Neither side of `resized` may be smaller than the raster's.
 * Works in slices of a few milliseconds.
 * @throws CbirError ABORTED
 */
export async function enlarge(raster: Raster, resized: Size, kept: Region, kernel: Kernel, signal?: AbortSignal): Promise<Raster> {
  const across = axisWeights(raster.width, resized.width, kept.left, kept.width, kernel)
  const down = axisWeights(raster.height, resized.height, kept.top, kept.height, kernel)
  const firstRow = down.first[0]!
  const rows = down.first[kept.height - 1]! + down.taps - firstRow
  const stride = kept.width * 3
  const step = Math.max(1, Math.floor(STEP / stride))
  // Kernels with negative lobes go below 0 and above 255; the clamped array cuts them off as Pillow does.
  const middle = new Uint8ClampedArray(rows * stride)
  const stretch = (from: number, to: number): void => {
    for (let row = from; row < to; row++) stretchRow(raster.data, (firstRow + row) * raster.width * 3, middle, row * stride, across)
  }
  await inSlices(rows, step, stretch, signal)
  const data = new Uint8ClampedArray(kept.height * stride)
  const mix = (from: number, to: number): void => {
    for (let row = from; row < to; row++) mixRows(middle, (down.first[row]! - firstRow) * stride, data, row * stride, stride, down, row * down.taps)
  }
  await inSlices(kept.height, step, mix, signal)
  return { data: new Uint8Array(data.buffer), width: kept.width, height: kept.height }
}

/** One row, from the source's width to the result's. The sums of up to six products of a byte and a weight stay within 32 bits. */
function stretchRow(source: Uint8Array, from: number, result: Uint8ClampedArray, at: number, { first, weights, taps }: AxisWeights): void {
  const count = first.length
  if (taps === 2) {
    // The linear kernel, by far the most frequent: half the time of the loop below.
    for (let i = 0, w = 0, o = at; i < count; i++, w += 2, o += 3) {
      const p = from + first[i]! * 3
      const left = weights[w]!
      const right = weights[w + 1]!
      result[o] = (HALF + Math.imul(source[p]!, left) + Math.imul(source[p + 3]!, right)) >> PRECISION
      result[o + 1] = (HALF + Math.imul(source[p + 1]!, left) + Math.imul(source[p + 4]!, right)) >> PRECISION
      result[o + 2] = (HALF + Math.imul(source[p + 2]!, left) + Math.imul(source[p + 5]!, right)) >> PRECISION
    }
    return
  }
  for (let i = 0, w = 0, o = at; i < count; i++, o += 3) {
    let red = HALF
    let green = HALF
    let blue = HALF
    for (let k = 0, p = from + first[i]! * 3; k < taps; k++, w++, p += 3) {
      const weight = weights[w]!
      red += Math.imul(source[p]!, weight)
      green += Math.imul(source[p + 1]!, weight)
      blue += Math.imul(source[p + 2]!, weight)
    }
    result[o] = red >> PRECISION
    result[o + 1] = green >> PRECISION
    result[o + 2] = blue >> PRECISION
  }
}

/** One result row as the weighted sum of `taps` source rows. */
function mixRows(
  source: Uint8ClampedArray,
  from: number,
  result: Uint8ClampedArray,
  at: number,
  stride: number,
  { weights, taps }: AxisWeights,
  w: number,
): void {
  if (taps === 2) {
    const upper = weights[w]!
    const lower = weights[w + 1]!
    for (let i = 0, p = from; i < stride; i++, p++) {
      result[at + i] = (HALF + Math.imul(source[p]!, upper) + Math.imul(source[p + stride]!, lower)) >> PRECISION
    }
    return
  }
  for (let i = 0; i < stride; i++) {
    let sum = HALF
    for (let k = 0, p = from + i; k < taps; k++, p += stride) sum += Math.imul(source[p]!, weights[w + k]!)
    result[at + i] = sum >> PRECISION
  }
}
