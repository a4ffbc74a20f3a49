// Fourier transforms of any length, in double precision and in slices of the event loop: mixed radix where the length has small factors, and
// Bluestein's algorithm over one that has elsewhere.

import { inSlices } from '@cbir/core/define'
import { factorsOf, smoothLength } from './factors.ts'
import { radixPass } from './radix-pass.ts'
import { RootsOfUnity } from './roots-of-unity.ts'
import { type Spectrum, spectrum } from './spectrum.ts'

/** Numbers worked on between two looks at the clock. */
const STEP = 1 << 13

/**
 * Σ x[n] exp(-2πi kn / N), not scaled. It is in `x` or in `other`, which has as many numbers, and both are overwritten. The inverse is the conjugate
 * of that of the conjugate.
 */
export async function fourier(x: Spectrum, other: Spectrum, signal: AbortSignal | undefined): Promise<Spectrum> {
  const factors = factorsOf(x.re.length)
  return factors ? mixedRadix(x, other, factors, signal) : bluestein(x, other, signal)
}

/** Stockham's order: every pass reads one of `x` and `other` and writes the other one, and the result needs no sorting. It is one of the two. */
async function mixedRadix(x: Spectrum, other: Spectrum, factors: readonly number[], signal: AbortSignal | undefined): Promise<Spectrum> {
  const { length } = x.re
  const roots = new RootsOfUnity(length)
  let from = x
  let to = other
  let stride = 1
  for (const radix of factors) {
    await loop(length / radix, signal, radixPass(from, to, radix, stride, roots))
    stride *= radix
    const read = from
    from = to
    to = read
  }
  return from
}

/** Bluestein 1970: the transform as a convolution with a chirp, which is put into `chirp`. The result is in `x`. */
async function bluestein(x: Spectrum, chirp: Spectrum, signal: AbortSignal | undefined): Promise<Spectrum> {
  const n = x.re.length
  const size = smoothLength(2 * n - 1)
  const a = spectrum(size)
  const b = spectrum(size)
  // k² mod 2n keeps the angle small, and so exact.
  let square = 0
  await loop(n, signal, (from, to) => {
    for (let k = from; k < to; k++) {
      const angle = (Math.PI * square) / n
      square = (square + 2 * k + 1) % (2 * n)
      const cos = Math.cos(angle)
      const sin = Math.sin(angle)
      chirp.re[k] = cos
      chirp.im[k] = sin
      a.re[k] = x.re[k]! * cos + x.im[k]! * sin
      a.im[k] = x.im[k]! * cos - x.re[k]! * sin
      b.re[k] = cos
      b.im[k] = sin
      if (k > 0) {
        b.re[size - k] = cos
        b.im[size - k] = sin
      }
    }
  })
  const factors = factorsOf(size)!
  const c = spectrum(size)
  const filter = await mixedRadix(b, c, factors, signal)
  const spare = filter === b ? c : b
  const product = await mixedRadix(a, spare, factors, signal)
  // The inverse of the product, as the conjugate of the transform of the conjugate.
  await loop(size, signal, (from, to) => {
    for (let k = from; k < to; k++) {
      const re = product.re[k]! * filter.re[k]! - product.im[k]! * filter.im[k]!
      product.im[k] = -(product.re[k]! * filter.im[k]! + product.im[k]! * filter.re[k]!)
      product.re[k] = re
    }
  })
  const made = await mixedRadix(product, product === a ? spare : a, factors, signal)
  await loop(n, signal, (from, to) => {
    for (let k = from; k < to; k++) {
      const re = made.re[k]! / size
      const im = -made.im[k]! / size
      x.re[k] = re * chirp.re[k]! + im * chirp.im[k]!
      x.im[k] = im * chirp.re[k]! - re * chirp.im[k]!
    }
  })
  return x
}

/** In slices of the event loop. */
export function loop(count: number, signal: AbortSignal | undefined, work: (from: number, to: number) => void): Promise<void> {
  return inSlices(count, STEP, work, signal)
}
