// Whether the columns of a projection are orthogonal unit vectors, as those of a rotated basis are.

import type { CallOptions } from '@cbir/core'
import type { Projection } from './projection.ts'
import { Random } from './random.ts'
import { Turns } from './turns.ts'

/** Random vectors that are tried. */
const TRIALS = 4
/** What a vector may change by, as a share of its length. float32's rounding of a matrix of 1024 bits makes 1e-6. */
const BOUND = 1e-4

/**
 * What is wrong, or undefined. Random vectors u are compared with PᵀP·u: where P has orthogonal unit columns they are the same. (The product of the whole
 * matrices would take seconds; after Freivalds 1979.)
 */
export async function orthogonalityProblem({ dimensions, bits, matrix }: Projection, { signal }: CallOptions): Promise<string | undefined> {
  if (dimensions < bits) return `${bits} bits cannot come from ${dimensions} dimensions`
  const turns = new Turns(signal)
  const random = new Random(0)
  for (let trial = 0; trial < TRIALS; trial++) {
    const u = Float64Array.from({ length: bits }, () => random.gaussian())
    const back = new Float64Array(bits)
    for (let i = 0; i < dimensions; i++) {
      const row = i * bits
      let x = 0
      for (let j = 0; j < bits; j++) x += matrix[row + j]! * u[j]!
      for (let j = 0; j < bits; j++) back[j]! += matrix[row + j]! * x
      if (turns.due(2 * bits)) await turns.pause()
    }
    let [change, length] = [0, 0]
    for (let j = 0; j < bits; j++) {
      change += (back[j]! - u[j]!) ** 2
      length += u[j]! ** 2
    }
    if (!(change <= BOUND * BOUND * length)) return 'its rotation is not orthogonal'
  }
  return undefined
}
