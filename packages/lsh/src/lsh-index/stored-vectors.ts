// The vectors of an index in a descriptor set of somebody else's: read and written in batches, and put back where a change fails.

import { CbirError, type DescriptorSet, type VectorBatch } from '@cbir/core'
import type { Undo } from './undo.ts'

/** Rows that are read or written in one batch. */
export const SET_BATCH = 1024

/** A set gave vectors of `got` numbers for an index with so many dimensions. @throws CbirError CORRUPT_DATA */
export function checkStored(name: string, got: number, dimensions: number): void {
  if (got === dimensions) return
  throw new CbirError('CORRUPT_DATA', `${name} gave vectors of ${got} numbers; those of the index have ${dimensions}. Build the index again.`)
}

/** Writes named vectors; gives `undo` what it takes to have the old ones again. Vectors that are there already are left alone. */
export async function putVectors(set: DescriptorSet, uids: readonly string[], vectors: VectorBatch, undo: Undo): Promise<void> {
  const { dimensions, data } = vectors
  for (let from = 0; from < uids.length; from += SET_BATCH) {
    const some = uids.slice(from, from + SET_BATCH)
    const now = data.subarray(from * dimensions, (from + some.length) * dimensions)
    const has = await set.hasMany(some)
    const known = some.flatMap((_, i) => (has[i] ? [i] : []))
    const before = new Float32Array(known.length * dimensions)
    if (known.length > 0) await set.getVectors(pick(some, known), before)
    const changed = known.filter((i, j) => !sameNumbers(now, i * dimensions, before, j * dimensions, dimensions))
    const fresh = some.flatMap((_, i) => (has[i] ? [] : [i]))
    const written = [...changed, ...fresh]
    if (written.length === 0) continue
    await set.addMany([{ uids: pick(some, written), vectors: rowsOf(now, dimensions, written) }])
    undo.add(async () => {
      const old = changed.map((i) => known.indexOf(i))
      if (changed.length > 0) await set.addMany([{ uids: pick(some, changed), vectors: rowsOf(before, dimensions, old) }])
      if (fresh.length > 0) await set.removeMany(pick(some, fresh))
    })
  }
}

/** Removes those of some uids that a set has. */
export async function dropVectors(set: DescriptorSet, uids: readonly string[], dimensions: number, undo: Undo): Promise<void> {
  for (let from = 0; from < uids.length; from += SET_BATCH) {
    const some = uids.slice(from, from + SET_BATCH)
    const has = await set.hasMany(some)
    const there = some.filter((_, i) => has[i])
    if (there.length === 0) continue
    const data = new Float32Array(there.length * dimensions)
    await set.getVectors(there, data)
    await set.removeMany(there)
    undo.add(() => set.addMany([{ uids: there, vectors: { data, count: there.length, dimensions } }]))
  }
}

function pick(uids: readonly string[], which: readonly number[]): string[] {
  return which.map((i) => uids[i]!)
}

function rowsOf(data: Float32Array, dimensions: number, which: readonly number[]): VectorBatch {
  const rows = new Float32Array(which.length * dimensions)
  which.forEach((row, i) => {
    rows.set(data.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions)
  })
  return { data: rows, count: which.length, dimensions }
}

function sameNumbers(a: Float32Array, from: number, b: Float32Array, at: number, n: number): boolean {
  for (let i = 0; i < n; i++) if (!Object.is(a[from + i], b[at + i])) return false
  return true
}
