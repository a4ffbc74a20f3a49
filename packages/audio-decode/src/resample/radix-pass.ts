// One pass of a Fourier transform in Stockham's order: butterflies of one radix.

import type { RootsOfUnity } from './roots-of-unity.ts'
import type { Spectrum } from './spectrum.ts'

/**
 * The pass over `stride` sequences that lie between each other, each of length N / stride, of which it makes `radix` times as many. Gives a function
 * that does butterflies `first` up to `end` of N / radix.
 * @param roots those of N
 */
export function radixPass(from: Spectrum, to: Spectrum, radix: number, stride: number, roots: RootsOfUnity): (first: number, end: number) => void {
  const pass: Pass = { from, to, radix, stride, apart: from.re.length / radix }
  const turns = { re: new Float64Array(radix), im: new Float64Array(radix) }
  const butterflies = radix === 4 ? butterfliesOf4 : radix === 2 ? butterfliesOf2 : butterfliesOfOdd(radix)
  return (first, end) => {
    for (let at = first; at < end; ) {
      // Butterflies of one p, which turn by the same roots.
      const p = Math.floor(at / stride)
      const until = Math.min(end, (p + 1) * stride)
      for (let k = 0; k < radix; k++) {
        roots.turn(p * k * stride)
        turns.re[k] = roots.value[0]
        turns.im[k] = roots.value[1]
      }
      butterflies(pass, turns, at, until, at + p * (radix - 1) * stride)
      at = until
    }
  }
}

interface Pass {
  readonly from: Spectrum
  readonly to: Spectrum
  readonly radix: number
  readonly stride: number
  /** Between two inputs of a butterfly. */
  readonly apart: number
}

/** Butterflies whose first inputs are `at` up to `until`, and whose first outputs are `out` and those after it. */
type Butterflies = (pass: Pass, turns: Spectrum, at: number, until: number, out: number) => void

const butterfliesOf2: Butterflies = ({ from, to, stride, apart }, turns, at, until, out) => {
  const { re, im } = from
  const c = turns.re[1]!
  const s = turns.im[1]!
  for (let i = at, o = out; i < until; i++, o++) {
    const j = i + apart
    const dr = re[i]! - re[j]!
    const di = im[i]! - im[j]!
    to.re[o] = re[i]! + re[j]!
    to.im[o] = im[i]! + im[j]!
    to.re[o + stride] = dr * c - di * s
    to.im[o + stride] = dr * s + di * c
  }
}

const butterfliesOf4: Butterflies = ({ from, to, stride, apart }, turns, at, until, out) => {
  const { re, im } = from
  const { re: outRe, im: outIm } = to
  const c1 = turns.re[1]!
  const s1 = turns.im[1]!
  const c2 = turns.re[2]!
  const s2 = turns.im[2]!
  const c3 = turns.re[3]!
  const s3 = turns.im[3]!
  for (let i = at, o = out; i < until; i++, o++) {
    const ar = re[i]!
    const ai = im[i]!
    const br = re[i + apart]!
    const bi = im[i + apart]!
    const cr = re[i + 2 * apart]!
    const ci = im[i + 2 * apart]!
    const dr = re[i + 3 * apart]!
    const di = im[i + 3 * apart]!
    const evenRe = ar + cr
    const evenIm = ai + ci
    const oddRe = br + dr
    const oddIm = bi + di
    const leftRe = ar - cr
    const leftIm = ai - ci
    const rightRe = bi - di
    const rightIm = dr - br
    outRe[o] = evenRe + oddRe
    outIm[o] = evenIm + oddIm
    const r1 = leftRe + rightRe
    const i1 = leftIm + rightIm
    outRe[o + stride] = r1 * c1 - i1 * s1
    outIm[o + stride] = r1 * s1 + i1 * c1
    const r2 = evenRe - oddRe
    const i2 = evenIm - oddIm
    outRe[o + 2 * stride] = r2 * c2 - i2 * s2
    outIm[o + 2 * stride] = r2 * s2 + i2 * c2
    const r3 = leftRe - rightRe
    const i3 = leftIm - rightIm
    outRe[o + 3 * stride] = r3 * c3 - i3 * s3
    outIm[o + 3 * stride] = r3 * s3 + i3 * c3
  }
}

/** By the definition, but inputs j and radix - j, whose roots are conjugates, as their sum and difference. */
function butterfliesOfOdd(radix: number): Butterflies {
  const half = (radix - 1) / 2
  const cos = Float64Array.from({ length: radix }, (_, k) => Math.cos((2 * Math.PI * k) / radix))
  const sin = Float64Array.from({ length: radix }, (_, k) => Math.sin((2 * Math.PI * k) / radix))
  const sumRe = new Float64Array(half + 1)
  const sumIm = new Float64Array(half + 1)
  const differenceRe = new Float64Array(half + 1)
  const differenceIm = new Float64Array(half + 1)
  return ({ from, to, stride, apart }, turns, at, until, out) => {
    const { re, im } = from
    const { re: outRe, im: outIm } = to
    for (let i = at, o = out; i < until; i++, o++) {
      const re0 = re[i]!
      const im0 = im[i]!
      let allRe = re0
      let allIm = im0
      for (let j = 1; j <= half; j++) {
        const low = i + j * apart
        const high = i + (radix - j) * apart
        allRe += sumRe[j] = re[low]! + re[high]!
        allIm += sumIm[j] = im[low]! + im[high]!
        differenceRe[j] = re[low]! - re[high]!
        differenceIm[j] = im[low]! - im[high]!
      }
      outRe[o] = allRe
      outIm[o] = allIm
      for (let k = 1; k <= half; k++) {
        let evenRe = re0
        let evenIm = im0
        let oddRe = 0
        let oddIm = 0
        for (let j = 1, root = k; j <= half; j++, root += k) {
          if (root >= radix) root -= radix
          evenRe += cos[root]! * sumRe[j]!
          evenIm += cos[root]! * sumIm[j]!
          oddRe += sin[root]! * differenceIm[j]!
          oddIm += sin[root]! * differenceRe[j]!
        }
        const lowRe = evenRe + oddRe
        const lowIm = evenIm - oddIm
        const highRe = evenRe - oddRe
        const highIm = evenIm + oddIm
        const low = o + k * stride
        const high = o + (radix - k) * stride
        outRe[low] = lowRe * turns.re[k]! - lowIm * turns.im[k]!
        outIm[low] = lowRe * turns.im[k]! + lowIm * turns.re[k]!
        outRe[high] = highRe * turns.re[radix - k]! - highIm * turns.im[radix - k]!
        outIm[high] = highRe * turns.im[radix - k]! + highIm * turns.re[radix - k]!
      }
    }
  }
}
