// Examples: what a person marked as wanted and unwanted, checked before a ranking.

import { CbirError } from '../errors/cbir-error.ts'
import { checkDimensions, checkFinite, copyBatch } from '../vectors/private-copy.ts'
import type { VectorBatch } from '../vectors/vector-batch.ts'

/** Private copies of the marked vectors. `negative` may have no row. */
export interface Examples {
  readonly positive: VectorBatch
  readonly negative: VectorBatch
}

/** Copies at once, before the caller has its promise. @throws CbirError INVALID_ARGUMENT (shapes, no positive) */
export function takeExamples(positive: VectorBatch, negative: VectorBatch | undefined): Examples {
  const wanted = copyBatch(positive, 'positive')
  if (wanted.count === 0) throw new CbirError('INVALID_ARGUMENT', 'A ranking needs at least one positive example.')
  const unwanted = negative === undefined ? undefined : copyBatch(negative, 'negative')
  const none = { data: new Float32Array(0), count: 0, dimensions: wanted.dimensions }
  return { positive: wanted, negative: unwanted && unwanted.count > 0 ? unwanted : none }
}

/** @throws CbirError DIMENSION_MISMATCH, NOT_FINITE */
export async function checkExamples({ positive, negative }: Examples, dimensions: number): Promise<void> {
  checkDimensions(positive.dimensions, dimensions, 'The positive examples')
  checkDimensions(negative.dimensions, dimensions, 'The negative examples')
  await checkFinite(positive, (row) => `Positive example ${row}`)
  await checkFinite(negative, (row) => `Negative example ${row}`)
}
