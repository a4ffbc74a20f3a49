// Numbers from a seed, uniform in [0, 1): a linear congruential generator (Numerical Recipes), of which the upper bits are used.

export function randomFrom(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
