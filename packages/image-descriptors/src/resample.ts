// Resampling to a fixed size with a triangle filter that widens when shrinking, so that nothing aliases.

import type { Steps } from './steps.ts'

/** For each output position the input positions that it is made of, and their weights, which sum to 1. */
interface Taps {
  readonly first: Int32Array
  readonly count: Int32Array
  /** Those of output `i` begin at `i * most`. */
  readonly weights: Float32Array
  readonly most: number
}

function tapsOf(from: number, to: number): Taps {
  const scale = from / to
  const reach = Math.max(1, scale)
  const most = Math.ceil(reach * 2) + 1
  const first = new Int32Array(to)
  const count = new Int32Array(to)
  const weights = new Float32Array(to * most)
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale - 0.5
    const low = Math.max(0, Math.floor(centre - reach) + 1)
    const high = Math.min(from - 1, Math.ceil(centre + reach) - 1)
    let total = 0
    for (let j = low; j <= high; j++) total += 1 - Math.abs(j - centre) / reach
    for (let j = low; j <= high; j++) weights[i * most + j - low] = (1 - Math.abs(j - centre) / reach) / total
    first[i] = low
    count[i] = high - low + 1
  }
  return { first, count, weights, most }
}

/**
 * Stretches an array of shape [height, width, channels] to [toHeight, toWidth, channels]. Source rows are read once, one after another, so that
 * nothing larger than the output is held, however tall the picture.
 */
export function* resample(
  data: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
  [toHeight, toWidth]: readonly [number, number],
): Steps<Float32Array> {
  const across = tapsOf(width, toWidth)
  const down = tapsOf(height, toHeight)
  const out = new Float32Array(toHeight * toWidth * channels)
  const row = new Float32Array(toWidth * channels)
  let firstOpen = 0
  for (let y = 0; y < height; y++) {
    shrinkRow(data, y * width * channels, channels, across, row)
    while (firstOpen < toHeight && down.first[firstOpen]! + down.count[firstOpen]! <= y) firstOpen++
    for (let i = firstOpen; i < toHeight && down.first[i]! <= y; i++) {
      const weight = down.weights[i * down.most + y - down.first[i]!]!
      const at = i * row.length
      for (let k = 0; k < row.length; k++) out[at + k]! += weight * row[k]!
    }
    yield
  }
  return out
}

function shrinkRow(data: Uint8Array, from: number, channels: number, taps: Taps, row: Float32Array): void {
  const { first, count, weights, most } = taps
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0, o = channel; o < row.length; i++, o += channels) {
      let at = from + first[i]! * channels + channel
      const end = i * most + count[i]!
      let sum = 0
      for (let w = i * most; w < end; w++, at += channels) sum += weights[w]! * data[at]!
      row[o] = sum
    }
  }
}
