// How the references score: a vector is as relevant as it is nearer to the nearest wanted example than to the nearest unwanted one.

import { rowOf, type VectorBatch } from '@cbir/core'
import { mapInTurns, raise } from '../framework/reference-tools.ts'
import { checkVectors, euclidean, takeVectors } from '../framework/reference-vectors.ts'

export interface ReferenceExamples {
  readonly positive: VectorBatch
  readonly negative: VectorBatch | undefined
}

/** Copies of the examples, made before the caller has its promise. @throws CbirError INVALID_ARGUMENT */
export function takeReferenceExamples(positive: VectorBatch, negative: VectorBatch | undefined): ReferenceExamples {
  const own = { positive: takeVectors(positive), negative: negative && takeVectors(negative) }
  if (own.positive.count === 0) raise('INVALID_ARGUMENT', 'there is no positive example')
  return own.negative?.count === 0 ? { ...own, negative: undefined } : own
}

const rows = (batch: VectorBatch): Float32Array[] => Array.from({ length: batch.count }, (_, i) => rowOf(batch, i))

/** d⁻ / (d⁺ + d⁻) for each vector, d⁺ and d⁻ its distances to the nearest example of each sort; without negatives 1 / (1 + d⁺). */
export async function referenceScores(
  vectors: readonly Float32Array[],
  dimensions: number,
  { positive, negative }: ReferenceExamples,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  checkVectors(positive, dimensions)
  if (negative) checkVectors(negative, dimensions)
  const [wanted, unwanted] = [rows(positive), negative && rows(negative)]
  const nearest = (vector: Float32Array, examples: readonly Float32Array[]): number =>
    examples.reduce((least, example) => Math.min(least, euclidean(vector, example)), Number.POSITIVE_INFINITY)
  const scores = await mapInTurns(
    vectors,
    (vector) => {
      const near = nearest(vector, wanted)
      if (!unwanted) return 1 / (1 + near)
      const far = nearest(vector, unwanted)
      return near + far === 0 ? 0.5 : far / (near + far)
    },
    signal,
  )
  return Float32Array.from(scores)
}
