// Fourier transforms of real numbers, of any length, there and back in the same memory: new arrays of hundreds of megabytes would have to be handed
// back to the system, which holds everything up.

import { fourier, loop } from './fourier.ts'
import { RootsOfUnity } from './roots-of-unity.ts'
import { beginning, type Spectrum } from './spectrum.ts'

/** Complex numbers that `length` real ones take while they are transformed. */
export function packedLength(length: number): number {
  return length % 2 === 1 ? length : length / 2 + 1
}

/**
 * Puts real numbers `at` and those that follow, of `length`, where the transform wants them: of an even length, even ones are real parts and odd ones
 * imaginary parts; of an odd one all are real parts.
 */
export function pack(values: Float32Array | Float64Array, at: number, length: number, into: Spectrum): void {
  const { re, im } = into
  if (length % 2 === 1) {
    re.set(values, at)
    im.fill(0, at, at + values.length)
    return
  }
  for (let i = 0; i < values.length; i++) {
    const place = at + i
    if (place % 2 === 0) re[place / 2] = values[i]!
    else im[(place - 1) / 2] = values[i]!
  }
}

/** Real numbers `at` and those that follow, as the inverse left them, divided by `divisor`. */
export function unpack(from: Spectrum, length: number, at: number, divisor: number, into: Float32Array | Float64Array): void {
  const { re, im } = from
  for (let i = 0; i < into.length; i++) {
    const place = at + i
    into[i] = (length % 2 === 1 ? re[place]! : place % 2 === 0 ? re[place / 2]! : -im[(place - 1) / 2]!) / divisor
  }
}

/** What was transformed, and the other of the two memories, free again. */
export interface Transformed {
  readonly made: Spectrum
  readonly spare: Spectrum
}

/** Bins 0 to ⌊N/2⌋ of Σ x[n] exp(-2πi kn / N), of N packed numbers. Both memories have {@link packedLength} numbers or more. */
export async function realFourier(packed: Spectrum, free: Spectrum, length: number, signal: AbortSignal | undefined): Promise<Transformed> {
  if (length % 2 === 1) return transform(packed, free, length, signal)
  const half = length / 2
  const result = await transform(packed, free, half, signal)
  const { re, im } = result.made
  const roots = new RootsOfUnity(length)
  /** Bin k, of what stands at k and at half - k. */
  const put = (k: number, aRe: number, aIm: number, bRe: number, bIm: number): void => {
    const evenRe = (aRe + bRe) / 2
    const evenIm = (aIm - bIm) / 2
    const oddRe = (aIm + bIm) / 2
    const oddIm = (bRe - aRe) / 2
    roots.turn(k)
    const c = roots.value[0]
    const s = roots.value[1]
    re[k] = evenRe + c * oddRe - s * oddIm
    im[k] = evenIm + c * oddIm + s * oddRe
  }
  await loop(Math.floor(half / 2) + 1, signal, (from, to) => {
    for (let k = from; k < to; k++) {
      const mirrored = half - k
      const b = k === 0 ? 0 : mirrored
      const aRe = re[k]!
      const aIm = im[k]!
      const bRe = re[b]!
      const bIm = im[b]!
      put(k, aRe, aIm, bRe, bIm)
      if (mirrored !== k) put(mirrored, bRe, bIm, aRe, aIm)
    }
  })
  return result
}

/** N packed real numbers of which `bins` are bins 0 to ⌊N/2⌋: N times what `realFourier` came from. */
export async function realInverse(bins: Spectrum, free: Spectrum, length: number, signal: AbortSignal | undefined): Promise<Transformed> {
  const { re, im } = bins
  if (length % 2 === 1) {
    // The conjugate of the whole spectrum, so that one more forward transform is the inverse.
    await loop((length + 1) / 2, signal, (from, to) => {
      for (let k = from; k < to; k++) {
        if (k > 0) {
          re[length - k] = re[k]!
          im[length - k] = im[k]!
        }
        im[k] = k === 0 ? 0 : -im[k]!
      }
    })
    return transform(bins, free, length, signal)
  }
  const half = length / 2
  // What has no imaginary part in the spectrum of real numbers.
  im[0] = 0
  im[half] = 0
  const roots = new RootsOfUnity(length)
  const put = (k: number, aRe: number, aIm: number, bRe: number, bIm: number): void => {
    const oddRe = aRe - bRe
    const oddIm = aIm + bIm
    roots.turn(k)
    const c = roots.value[0]
    const s = roots.value[1]
    // i times the conjugate root; the conjugate of all, as above.
    re[k] = aRe + bRe - (c * oddIm - s * oddRe)
    im[k] = -(aIm - bIm + (c * oddRe + s * oddIm))
  }
  await loop(Math.floor(half / 2) + 1, signal, (from, to) => {
    for (let k = from; k < to; k++) {
      const b = half - k
      const aRe = re[k]!
      const aIm = im[k]!
      const bRe = re[b]!
      const bIm = im[b]!
      put(k, aRe, aIm, bRe, bIm)
      if (k > 0 && b !== k) put(b, bRe, bIm, aRe, aIm)
    }
  })
  return transform(bins, free, half, signal)
}

/** The first `count` numbers transformed; gives the memories, not only as much of them. */
async function transform(x: Spectrum, other: Spectrum, count: number, signal: AbortSignal | undefined): Promise<Transformed> {
  const begun = beginning(x, count)
  const made = await fourier(begun, beginning(other, count), signal)
  return made === begun ? { made: x, spare: other } : { made: other, spare: x }
}
