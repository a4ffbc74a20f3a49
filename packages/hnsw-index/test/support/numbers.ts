// Numbers between −1 and 1 that a seed makes.

export function numbers(seed: number, length: number): Float32Array<ArrayBuffer> {
  let state = (Math.imul(seed, 2654435761) ^ 0x9e3779b9) | 0
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state >> 8) / 2 ** 23
  })
}
