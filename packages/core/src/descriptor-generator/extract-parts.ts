// The two steps of an item: its parts from the loader, their vectors from the extractor.

import type { CallOptions } from '../component/call-options.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { checkRowCount } from '../feature-extractor/define-feature-extractor.ts'
import type { FeatureExtractor } from '../feature-extractor/feature-extractor.ts'
import { labelOf } from '../vector-loader/define-vector-loader.ts'
import type { Part, VectorLoader } from '../vector-loader/vector-loader.ts'
import { joinRows } from '../vectors/join-rows.ts'
import type { VectorBatch } from '../vectors/vector-batch.ts'
import type { Descriptors, PartPosition } from './descriptor-generator.ts'

/** All parts of an item. @throws CbirError EMPTY where it has none */
export async function loadParts<In, T>(loader: VectorLoader<In, T>, input: In, options: CallOptions): Promise<Part<T>[]> {
  const parts: Part<T>[] = []
  for await (const part of loader.load(input, options)) parts.push(part)
  if (parts.length > 0) return parts
  throw new CbirError('EMPTY', `${labelOf(input)} has no part that ${loader.name} could give: it is empty, or shorter than one window.`)
}

/** The vectors of all parts, in calls of the extractor's batch size. @throws CbirError ROW_MISMATCH, DIMENSION_MISMATCH */
export async function extractAll<T>(extractor: FeatureExtractor<T>, parts: readonly Part<T>[], options: CallOptions): Promise<Descriptors> {
  const { name, batchSize, dimensions } = extractor
  const batches: VectorBatch[] = []
  for (let from = 0; from < parts.length; from += batchSize) {
    const values = parts.slice(from, from + batchSize).map((part) => part.value)
    const batch = await extractor.extract(values, options)
    checkRowCount(name, batch, values.length, dimensions)
    batches.push(batch)
  }
  return { vectors: await joinRows(batches, dimensions), parts: parts.map(positionOf) }
}

/**
 * Gives the memory of extracted parts back to the loader. After a failed or aborted extraction it is not called: the extractor may still be reading.
 * A value whose memory an extractor handed on as its answer is left alone.
 */
export function releaseParts<T>(loader: VectorLoader<never, T>, parts: readonly Part<T>[], { data }: VectorBatch): void {
  if (!loader.release) return
  for (const { value } of parts) {
    const held = (value as { data?: Partial<ArrayBufferView> } | null)?.data?.buffer
    if (held !== data.buffer) loader.release(value)
  }
}

export function positionOf({ start, end }: Part<unknown>, index: number): PartPosition {
  return { index, ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) }
}
