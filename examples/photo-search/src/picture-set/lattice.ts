// Random values on the points of a square lattice: the ground of clouds, cells and windows.

import { smooth } from './paint.ts'

/** From 0 to below 1, the same for the same point and seed. */
export function latticeValue(column: number, row: number, seed: number): number {
  let bits = Math.imul(column, 0x27d4eb2d) ^ Math.imul(row, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1)
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d)
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39)
  return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32
}

/** Lattice values with soft transitions, summed over five octaves (fractal noise), 0 … 1. */
export function fractalNoise(x: number, y: number, seed: number): number {
  let sum = 0
  for (let octave = 0, share = 0.516; octave < 5; octave++, share /= 2) {
    sum += share * valueNoise(x * 2 ** octave, y * 2 ** octave, seed + octave)
  }
  return sum
}

function valueNoise(x: number, y: number, seed: number): number {
  const column = Math.floor(x)
  const row = Math.floor(y)
  const u = smooth(0, 1, x - column)
  const v = smooth(0, 1, y - row)
  const upper = latticeValue(column, row, seed) * (1 - u) + latticeValue(column + 1, row, seed) * u
  const lower = latticeValue(column, row + 1, seed) * (1 - u) + latticeValue(column + 1, row + 1, seed) * u
  return upper * (1 - v) + lower * v
}
