// Whether a functor is the one that made the codes of an index: some vectors are hashed again.

import { type BitBatch, CbirError, type VectorBatch } from '@cbir/core'
import { hashVectors, type LshParts } from './lsh-parts.ts'
import type { LshRows } from './lsh-rows.ts'
import { checkStored } from './stored-vectors.ts'

/** Vectors that are hashed again. */
const SAMPLE = 64
/** Share of bits that may differ: another processor rounds differently, and a bit whose value is next to 0 may turn. Another model differs in tens of percent. */
const TOLERANCE = 0.02

/**
 * Hashes a sample again and compares. With `known`, the codes of all rows are compared with those of somebody else's, which then count.
 * @throws CbirError FINGERPRINT_MISMATCH
 */
export async function checkFunctor(parts: LshParts, state: LshRows, known?: { readonly codes: BitBatch; readonly replace: true }): Promise<void> {
  const { codes } = state
  if (known) {
    if (known.codes.count === codes.rows) compare(parts, known.codes, codes.slice(0, codes.rows))
    codes.setFrom(0, known.codes)
    return
  }
  const live = await codes.liveRows()
  if (live.length === 0) return
  const rows = Uint32Array.from(
    { length: Math.min(SAMPLE, live.length) },
    (_, i, n = Math.min(SAMPLE, live.length)) => live[Math.floor((i * live.length) / n)]!,
  )
  compare(parts, codes.pick(rows), await hashVectors(parts, await vectorsOf(parts, state, rows), undefined))
}

async function vectorsOf({ descriptorSet }: LshParts, { vectors, uids = [], dimensions }: LshRows, rows: Uint32Array): Promise<VectorBatch> {
  if (vectors) return { data: vectors.pick(rows), count: rows.length, dimensions }
  const data = new Float32Array(rows.length * dimensions)
  const names = Array.from(rows, (row) => uids[row] ?? '')
  if (descriptorSet) checkStored(descriptorSet.name, await descriptorSet.getVectors(names, data), dimensions)
  return { data, count: rows.length, dimensions }
}

function compare({ functor }: LshParts, held: BitBatch, made: BitBatch): void {
  let differing = 0
  for (let i = 0; i < held.data.length; i++) for (let rest = held.data[i]! ^ made.data[i]!; rest > 0; rest &= rest - 1) differing++
  if (differing <= TOLERANCE * held.count * held.bits) return
  const share = Math.round((100 * differing) / (held.count * held.bits))
  throw new CbirError(
    'FINGERPRINT_MISMATCH',
    `${functor.name} is not the functor that made the codes of the index, or has another model: ${share} % of the bits of a sample differ. ` +
      'Open the index with the functor it was built with, or build it again.',
  )
}
