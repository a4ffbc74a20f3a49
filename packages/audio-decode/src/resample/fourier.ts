// Fourier transforms of any length, in double precision and in slices of the event loop: mixed radix where the length has small factors, and
// Bluestein's algorithm over one that has elsewhere.

import { inSlices } from '@cbir/core/define'
import { factorsOf, smoothLength } from './factors.ts'
import { radixPass } from './radix-pass.ts'
import { RootsOfUnity } from './roots-of-unity.ts'

/** Complex numbers. */
export interface Spectrum {
  readonly re: Float64Array
  readonly im: Float64Array
}

/** Numbers worked on between two looks at the clock. */
const STEP = 1 << 13

/** Bins 0 to ⌊N/2⌋ of Σ x[n] exp(-2πi kn / N). */
export async function realFourier(x: Float64Array, signal: AbortSignal | undefined): Promise<Spectrum> {
  const { length } = x
  if (length % 2 === 1) {
    const { re, im } = await fourier({ re: x, im: new Float64Array(length) }, signal)
    const bins = (length + 1) / 2
    return { re: re.subarray(0, bins), im: im.subarray(0, bins) }
  }
  // Even samples as real parts, odd ones as imaginary parts.
  const half = length / 2
  const z = spectrum(half)
  await loop(half, signal, (from, to) => {
    for (let k = from; k < to; k++) {
      z.re[k] = x[2 * k]!
      z.im[k] = x[2 * k + 1]!
    }
  })
  const { re, im } = await fourier(z, signal)
  const bins = spectrum(half + 1)
  const roots = new RootsOfUnity(length)
  await loop(half + 1, signal, (from, to) => {
    for (let k = from; k < to; k++) {
      const a = k === half ? 0 : k
      const b = k === 0 ? 0 : half - k
      const evenRe = (re[a]! + re[b]!) / 2
      const evenIm = (im[a]! - im[b]!) / 2
      const oddRe = (im[a]! + im[b]!) / 2
      const oddIm = (re[b]! - re[a]!) / 2
      roots.turn(k)
      const [c, s] = roots.value
      bins.re[k] = evenRe + c * oddRe - s * oddIm
      bins.im[k] = evenIm + c * oddIm + s * oddRe
    }
  })
  return bins
}

/** N real numbers of which `bins` are bins 0 to ⌊N/2⌋: N times what `realFourier` came from. `bins` is overwritten. */
export async function realInverse(bins: Spectrum, length: number, signal: AbortSignal | undefined): Promise<Float64Array> {
  const { re, im } = bins
  if (length % 2 === 1) {
    // The conjugate of the whole spectrum, so that one more forward transform is the inverse.
    const all = spectrum(length)
    await loop((length + 1) / 2, signal, (from, to) => {
      for (let k = from; k < to; k++) {
        all.re[k] = re[k]!
        all.im[k] = k === 0 ? 0 : -im[k]!
        if (k === 0) continue
        all.re[length - k] = re[k]!
        all.im[length - k] = im[k]!
      }
    })
    return (await fourier(all, signal)).re
  }
  const half = length / 2
  // What has no imaginary part in the spectrum of real numbers.
  im[0] = 0
  im[half] = 0
  const z = spectrum(half)
  const roots = new RootsOfUnity(length)
  await loop(half, signal, (from, to) => {
    for (let k = from; k < to; k++) {
      const b = half - k
      const oddRe = re[k]! - re[b]!
      const oddIm = im[k]! + im[b]!
      roots.turn(k)
      const [c, s] = roots.value
      // i times the conjugate root; the conjugate of all, as above.
      z.re[k] = re[k]! + re[b]! - (c * oddIm - s * oddRe)
      z.im[k] = -(im[k]! - im[b]! + (c * oddRe + s * oddIm))
    }
  })
  const made = await fourier(z, signal)
  const x = new Float64Array(length)
  await loop(half, signal, (from, to) => {
    for (let k = from; k < to; k++) {
      x[2 * k] = made.re[k]!
      x[2 * k + 1] = -made.im[k]!
    }
  })
  return x
}

/** Σ x[n] exp(-2πi kn / N), not scaled. `x` is overwritten. The inverse is the conjugate of that of the conjugate. */
export async function fourier(x: Spectrum, signal: AbortSignal | undefined): Promise<Spectrum> {
  const factors = factorsOf(x.re.length)
  return factors ? mixedRadix(x, spectrum(x.re.length), factors, signal) : bluestein(x, signal)
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

/** Bluestein 1970: the transform as a convolution with a chirp. */
async function bluestein(x: Spectrum, signal: AbortSignal | undefined): Promise<Spectrum> {
  const n = x.re.length
  const size = smoothLength(2 * n - 1)
  const chirp = spectrum(n)
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

function spectrum(length: number): Spectrum {
  return { re: new Float64Array(length), im: new Float64Array(length) }
}

function loop(count: number, signal: AbortSignal | undefined, work: (from: number, to: number) => void): Promise<void> {
  return inSlices(count, STEP, work, signal)
}
