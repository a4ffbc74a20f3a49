// Checked vectors: what trainers read from a source of batches.

import { CbirError } from '../errors/cbir-error.ts'
import { checkDimensions, checkFinite, copyBatch } from './private-copy.ts'
import { pull } from './pull.ts'
import type { Source } from './source.ts'
import type { VectorBatch } from './vector-batch.ts'

/** What all batches must have alike; the first one says it. */
export interface SharedShape {
  dimensions?: number | undefined
}

/**
 * The batches of a source that have rows, copied, finite, of one length.
 * @throws CbirError EMPTY_BUILD at the end of a source without a vector, INVALID_ARGUMENT, DIMENSION_MISMATCH, NOT_FINITE, SOURCE_FAILED, ABORTED
 */
export async function* checkedVectors(
  source: Source<VectorBatch>,
  what: string,
  shape: SharedShape,
  signal: AbortSignal | undefined,
): AsyncGenerator<VectorBatch, void, undefined> {
  let rows = 0
  for await (const batch of pull(source, (value) => copyBatch(value, what), signal)) {
    if (batch.count === 0) continue
    shape.dimensions ??= batch.dimensions
    checkDimensions(batch.dimensions, shape.dimensions, what)
    const before = rows
    await checkFinite(batch, (row) => `Vector ${before + row} of ${what}`)
    rows += batch.count
    yield batch
  }
  if (rows === 0) throw new CbirError('EMPTY_BUILD', `${what}: the source gave no vector. Give at least one.`)
}
