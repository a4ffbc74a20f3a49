// Pictures for the tests, as tensors.

import type { Tensor } from '@cbir/core'
import fc from 'fast-check'

export type Picture = Tensor<'u8'>
export type Pixel = (x: number, y: number) => readonly [number, number, number]

export function picture(height: number, width: number, pixel: Pixel): Picture {
  const data = new Uint8Array(height * width * 3)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(pixel(x, y), (y * width + x) * 3)
  return { dtype: 'u8', shape: [height, width, 3], data }
}

export function plain(height: number, width: number, colour: readonly [number, number, number]): Picture {
  return picture(height, width, () => colour)
}

/** A smooth picture with edges and a rough part, different for every seed. */
export function scene(seed: number, height = 60, width = 80): Picture {
  return picture(height, width, (x, y) => {
    const u = x / width
    const v = y / height
    const inside = (u - 0.4 - 0.05 * (seed % 5)) ** 2 + (v - 0.5) ** 2 < 0.04 + 0.01 * (seed % 3)
    const rough = v > 0.7 ? ((x * 7 + y * 13 + seed * 5) % 11) * 6 : 0
    return inside ? [200, 40 + 20 * (seed % 4), 60] : ([40 + 150 * u, 90 + 60 * v + rough, 255 - 200 * v].map(Math.round) as [number, number, number])
  })
}

/** Random bytes of any size from 1 × 1. */
export function anyPicture(maxSide = 24): fc.Arbitrary<Picture> {
  return fc
    .tuple(fc.integer({ min: 1, max: maxSide }), fc.integer({ min: 1, max: maxSide }))
    .chain(([height, width]) =>
      fc
        .uint8Array({ minLength: height * width * 3, maxLength: height * width * 3 })
        .map((data): Picture => ({ dtype: 'u8', shape: [height, width, 3], data: new Uint8Array(data) })),
    )
}

export function sizeOf({ shape }: Picture): [number, number] {
  return [shape[0]!, shape[1]!]
}

export function mapBytes({ shape, data }: Picture, change: (byte: number) => number): Picture {
  return { dtype: 'u8', shape, data: Uint8Array.from(data, change) }
}

/** Turned by 90° counter-clockwise. */
export function turn(source: Picture): Picture {
  const [height, width] = sizeOf(source)
  return picture(width, height, (x, y) => {
    const at = (x * width + (width - 1 - y)) * 3
    return [source.data[at]!, source.data[at + 1]!, source.data[at + 2]!]
  })
}

/** The same pixels in another order. */
export function shuffle(source: Picture, order: readonly number[]): Picture {
  const [height, width] = sizeOf(source)
  return picture(height, width, (x, y) => {
    const at = order[y * width + x]! * 3
    return [source.data[at]!, source.data[at + 1]!, source.data[at + 2]!]
  })
}

/** Each pixel repeated `by` × `by` times. */
export function enlarge(source: Picture, by: number): Picture {
  const [height, width] = sizeOf(source)
  return picture(height * by, width * by, (x, y) => {
    const at = (Math.floor(y / by) * width + Math.floor(x / by)) * 3
    return [source.data[at]!, source.data[at + 1]!, source.data[at + 2]!]
  })
}

export function sumOf(values: Iterable<number>): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

export function lengthOf(values: Float32Array): number {
  return Math.sqrt(sumOf(values.map((value) => value * value)))
}

export function euclidean(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(sumOf(a.map((value, i) => (value - b[i]!) ** 2)))
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0
  for (let i = 0; i < Math.max(a.length, b.length); i++) largest = Math.max(largest, Math.abs((a[i] ?? Number.NaN) - (b[i] ?? Number.NaN)))
  return largest
}
