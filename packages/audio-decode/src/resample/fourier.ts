// Fourier transforms of any length, in double precision and in slices: Bluestein's algorithm over one of a power of two.

import { inSlices } from '@cbir/core/define'

/** Complex numbers. */
export interface Spectrum {
  readonly re: Float64Array
  readonly im: Float64Array
}

/** Numbers worked on between two looks at the clock. */
const STEP = 1 << 13

/** Σ x[n] exp(-2πi kn / N), in place of `x` where N is a power of two. Not scaled. The inverse is the conjugate of that of the conjugate. */
export async function fourier(x: Spectrum, signal: AbortSignal | undefined): Promise<Spectrum> {
  const { length } = x.re
  if ((length & (length - 1)) !== 0) return bluestein(x, signal)
  await powerOfTwo(x, await turns(length, signal), signal)
  return x
}

/** exp(-2πi k / N) for the first half of k. */
async function turns(length: number, signal: AbortSignal | undefined): Promise<Spectrum> {
  const half = length / 2
  const all: Spectrum = { re: new Float64Array(half), im: new Float64Array(half) }
  await loop(half, signal, (k) => {
    const angle = (-2 * Math.PI * k) / length
    all.re[k] = Math.cos(angle)
    all.im[k] = Math.sin(angle)
  })
  return all
}

function loop(count: number, signal: AbortSignal | undefined, work: (k: number) => void): Promise<void> {
  return inSlices(
    count,
    STEP,
    (from, to) => {
      for (let k = from; k < to; k++) work(k)
    },
    signal,
  )
}

/** Cooley and Tukey, decimation in time. */
async function powerOfTwo({ re, im }: Spectrum, { re: cos, im: sin }: Spectrum, signal: AbortSignal | undefined): Promise<void> {
  const { length } = re
  await reverseBits(re, im, signal)
  for (let half = 1; half < length; half *= 2) {
    const stride = length / 2 / half
    const butterflies = (from: number, to: number): void => {
      for (let b = from; b < to; b++) {
        const k = b & (half - 1)
        const i = 2 * b - k
        const j = i + half
        const wr = cos[k * stride]!
        const wi = sin[k * stride]!
        const tr = re[j]! * wr - im[j]! * wi
        const ti = re[j]! * wi + im[j]! * wr
        re[j] = re[i]! - tr
        im[j] = im[i]! - ti
        re[i]! += tr
        im[i]! += ti
      }
    }
    await inSlices(length / 2, STEP, butterflies, signal)
  }
}

async function reverseBits(re: Float64Array, im: Float64Array, signal: AbortSignal | undefined): Promise<void> {
  let j = 0
  await loop(re.length - 1, signal, (i) => {
    if (i < j) {
      const r = re[i]!
      const m = im[i]!
      re[i] = re[j]!
      im[i] = im[j]!
      re[j] = r
      im[j] = m
    }
    let bit = re.length >> 1
    for (; j & bit; bit >>= 1) j ^= bit
    j ^= bit
  })
}

/** Bluestein 1970: the transform as a convolution with a chirp. */
async function bluestein(x: Spectrum, signal: AbortSignal | undefined): Promise<Spectrum> {
  const n = x.re.length
  const size = 2 ** Math.ceil(Math.log2(2 * n - 1))
  const cos = new Float64Array(n)
  const sin = new Float64Array(n)
  const a: Spectrum = { re: new Float64Array(size), im: new Float64Array(size) }
  const b: Spectrum = { re: new Float64Array(size), im: new Float64Array(size) }
  // k² mod 2n keeps the angle small, and so exact.
  let square = 0
  await loop(n, signal, (k) => {
    const angle = (Math.PI * square) / n
    square = (square + 2 * k + 1) % (2 * n)
    const c = Math.cos(angle)
    const s = Math.sin(angle)
    cos[k] = c
    sin[k] = s
    a.re[k] = x.re[k]! * c + x.im[k]! * s
    a.im[k] = x.im[k]! * c - x.re[k]! * s
    b.re[k] = c
    b.im[k] = s
    if (k > 0) {
      b.re[size - k] = c
      b.im[size - k] = s
    }
  })
  const angles = await turns(size, signal)
  await powerOfTwo(a, angles, signal)
  await powerOfTwo(b, angles, signal)
  // The inverse of the product, as the conjugate of the transform of the conjugate.
  await loop(size, signal, (k) => {
    const re = a.re[k]! * b.re[k]! - a.im[k]! * b.im[k]!
    a.im[k] = -(a.re[k]! * b.im[k]! + a.im[k]! * b.re[k]!)
    a.re[k] = re
  })
  await powerOfTwo(a, angles, signal)
  const result: Spectrum = { re: new Float64Array(n), im: new Float64Array(n) }
  await loop(n, signal, (k) => {
    const re = a.re[k]! / size
    const im = -a.im[k]! / size
    result.re[k] = re * cos[k]! + im * sin[k]!
    result.im[k] = im * cos[k]! - re * sin[k]!
  })
  return result
}
