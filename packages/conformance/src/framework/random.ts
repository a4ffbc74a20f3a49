// Random: a small seeded generator, so that a failure can be run again from its seed.

/** Numbers from a seed: the same seed gives the same numbers on every machine. */
export interface Random {
  readonly seed: number
  /** Uniform in [0, 1). */
  uniform(): number
  /** Whole, from 0 to `below` − 1. */
  integer(below: number): number
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number
}

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state, enough for test data. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return {
    seed,
    uniform,
    integer: (below) => Math.floor(uniform() * below),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  }
}
