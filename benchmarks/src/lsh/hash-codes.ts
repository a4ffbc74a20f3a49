// Codes for the benchmarks of hash indexes, the same ones every time.

import type { BitBatch } from '@cbir/core'

/** Numbers of 32 random bits: xorshift128 (Marsaglia 2003), whose low bits are as good as its high ones. */
export function randomWords(seed: number): () => number {
  let [x, y, z, w] = [123456789, 362436069, 521288629, seed ^ 88675123]
  return () => {
    const t = x ^ (x << 11)
    x = y
    y = z
    z = w
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8)
    return w >>> 0
  }
}

export function emptyCodes(count: number, bits: number): BitBatch & { readonly words: Uint32Array } {
  const stride = Math.ceil(bits / 64) * 8
  const words = new Uint32Array((count * stride) / 4)
  return { data: new Uint8Array(words.buffer), words, count, bits, stride }
}

/** Every bit 0 or 1 by chance. `bits`: a multiple of 64. */
export function uniformCodes(count: number, bits: number, seed: number): BitBatch & { readonly words: Uint32Array } {
  const codes = emptyCodes(count, bits)
  const random = randomWords(seed)
  for (let i = 0; i < codes.words.length; i++) codes.words[i] = random()
  return codes
}

/**
 * What 64 signs of orthonormal projections make of 600 gaussian clusters with centres N(0, I): bit *j* of a member of cluster *c* is the sign of
 * c_j + σ·ε. A bit flips the more often the closer its centre is to 0, as the bits of ITQ and of random projections do.
 */
export function clusteredCodes(count: number, sigma: number, seed: number): BitBatch {
  const CLUSTERS = 600
  const bits = 64
  const codes = emptyCodes(count, bits)
  const centres = randomWords(1)
  const share = (words: () => number): number => (words() + 0.5) / 2 ** 32
  const normal = (): number => Math.sqrt(-2 * Math.log(share(centres))) * Math.cos(2 * Math.PI * share(centres))
  // Of each bit of a cluster, the probability of a 1, in 2^-32.
  const ones = Float64Array.from({ length: CLUSTERS * bits }, () => gaussianShare(normal() / sigma) * 2 ** 32)
  const random = randomWords(seed)
  for (let i = 0; i < count; i++) {
    const cluster = random() % CLUSTERS
    for (let j = 0; j < bits; j++) if (random() < ones[cluster * bits + j]!) codes.words[2 * i + (j >> 5)]! |= 1 << (j & 31)
  }
  return codes
}

/** The share of a standard normal distribution below x (Abramowitz and Stegun 26.2.17; off by less than 1e-7). */
function gaussianShare(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const tail =
    (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return x >= 0 ? 1 - tail : tail
}
