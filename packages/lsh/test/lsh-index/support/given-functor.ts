// A functor with a given model: bit j is the sign of (x − mean) · column j of a matrix.

import { bitBatch, type LshFunctor } from '@cbir/core'
import { defineLshFunctor } from '@cbir/core/define'

/** `matrix`: dimensions × bits, row by row. */
export function givenFunctor(mean: readonly number[], matrix: readonly (readonly number[])[]): LshFunctor {
  const bits = matrix[0]!.length
  return defineLshFunctor('given-functor', {
    bits,
    model: true,
    dimensionsOf: () => mean.length,
    hash(_model, { data, count, dimensions }) {
      const codes = bitBatch(count, bits)
      for (let i = 0; i < count; i++) {
        for (let bit = 0; bit < bits; bit++) {
          let sum = 0
          for (let j = 0; j < dimensions; j++) sum += (data[i * dimensions + j]! - mean[j]!) * matrix[j]![bit]!
          if (sum >= 0) codes.data[i * codes.stride + (bit >> 3)]! |= 1 << (bit & 7)
        }
      }
      return codes
    },
  })
}
