// Random: numbers from a seed that are the same on every machine.

/**
 * xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2018), its state filled from the seed by the mixer of
 * MurmurHash3. Gaussian numbers come from Marsaglia's polar method. Only operations whose result IEEE 754 or ECMAScript fixes to the last bit are used: the
 * logarithm is our own, as `Math.log` may differ from one engine to the next.
 */
export class Random {
  private a: number
  private b: number
  private c: number
  private d: number
  private spare: number | undefined

  /** `seed`: an integer from 0 to 2^53 − 1. Streams of one seed have nothing to do with each other. */
  constructor(seed: number, stream = 0) {
    const low = seed % 2 ** 32
    const high = Math.floor(seed / 2 ** 32)
    const word = (i: number): number => mix(mix((low + Math.imul(i + 4 * stream, 0x9e3779b9)) | 0) ^ high)
    this.a = word(1)
    this.b = word(2)
    this.c = word(3)
    this.d = word(4) | 1 // a state of zeros would stay there
  }

  /** An integer, 0 … 2^32 − 1. */
  bits(): number {
    const times5 = Math.imul(this.b, 5)
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0
    const shifted = this.b << 9
    this.c ^= this.a
    this.d ^= this.b
    this.b ^= this.c
    this.a ^= this.d
    this.c ^= shifted
    this.d = (this.d << 11) | (this.d >>> 21)
    return result
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    return ((this.bits() >>> 5) * 2 ** 26 + (this.bits() >>> 6)) / 2 ** 53
  }

  /** An integer, 0 … count − 1, each alike. */
  below(count: number): number {
    return Math.floor(this.uniform() * count)
  }

  /** Mean 0, variance 1. */
  gaussian(): number {
    if (this.spare !== undefined) {
      const value = this.spare
      this.spare = undefined
      return value
    }
    for (;;) {
      const x = 2 * this.uniform() - 1
      const y = 2 * this.uniform() - 1
      const square = x * x + y * y
      if (square === 0 || square >= 1) continue
      const factor = Math.sqrt((-2 * logarithm(square)) / square)
      this.spare = y * factor
      return x * factor
    }
  }
}

function mix(value: number): number {
  let x = value
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return x ^ (x >>> 16)
}

/** The natural logarithm of a number in (0, 1]: x = 2^−n · m with m near 1, and ln m = 2·artanh((m − 1)/(m + 1)) by its series. */
export function logarithm(x: number): number {
  let exponent = 0
  let m = x
  for (; m < 0.75; exponent++) m *= 2
  const t = (m - 1) / (m + 1)
  const square = t * t
  let sum = 0
  // |t| ≤ 1/7: the eleventh term is below 2^−60.
  for (let k = 21; k >= 1; k -= 2) sum = sum * square + 1 / k
  return 2 * t * sum - exponent * Math.LN2
}
