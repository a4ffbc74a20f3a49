// Lengths as products of the radices of a Fourier transform.

/** Beyond this a transform by the definition of each factor takes longer than Bluestein's algorithm. */
const HIGHEST = 61

/** 4, 2 and odd primes whose product is `length`; `undefined` where one would be too large. */
export function factorsOf(length: number): readonly number[] | undefined {
  const factors: number[] = []
  let rest = length
  for (; rest % 4 === 0; rest /= 4) factors.push(4)
  for (let factor = 2; factor <= HIGHEST; factor++) {
    for (; rest % factor === 0; rest /= factor) factors.push(factor)
  }
  return rest === 1 ? factors : undefined
}

/** The smallest length from `least` on that has no other factors than 2, 3 and 5. */
export function smoothLength(least: number): number {
  let smallest = 2 ** Math.ceil(Math.log2(least))
  for (let fives = 1; fives < smallest; fives *= 5) {
    for (let threes = fives; threes < smallest; threes *= 3) {
      const length = threes * 2 ** Math.max(0, Math.ceil(Math.log2(least / threes)))
      if (length < smallest && length >= least) smallest = length
    }
  }
  return smallest
}
