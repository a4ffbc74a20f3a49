// The clustered set: 60 000 × 128 float32 around 600 centres, the same for every run, and queries from the same clusters.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomFrom } from '@cbir/conformance'
import type { VectorBatch } from '@cbir/core'
import { cached } from '../cache.ts'
import { readRows } from './float-rows.ts'

export const ROWS = 60_000
export const DIMENSIONS = 128
export const QUERIES = 2000
const CENTRES = 600
/** Standard deviation of the members around their centre, in every dimension; the centres are N(0, I). */
export const SPREAD = 0.9
const SEED = 20_261_121

export interface ClusteredFiles {
  readonly base: string
  readonly queries: string
}

export interface Clustered {
  readonly name: string
  readonly files: ClusteredFiles
  readonly base: VectorBatch
  readonly queries: VectorBatch
}

/** The set with this spread, made once and kept. */
export async function clustered(spread: number = SPREAD): Promise<Clustered> {
  const folder = await cached(`lsh-clusters-${spread}`, [ROWS, DIMENSIONS, QUERIES, CENTRES, spread, SEED, 'v1'], async (path) => {
    const { uniform, normal } = randomFrom(SEED)
    const centres = Float32Array.from({ length: CENTRES * DIMENSIONS }, normal)
    const members = (count: number): Float32Array => {
      const rows = new Float32Array(count * DIMENSIONS)
      for (let i = 0; i < count; i++) {
        const centre = Math.floor(uniform() * CENTRES) * DIMENSIONS
        for (let j = 0; j < DIMENSIONS; j++) rows[i * DIMENSIONS + j] = centres[centre + j]! + spread * normal()
      }
      return rows
    }
    await mkdir(path)
    await writeFile(join(path, 'base.f32'), new Uint8Array(members(ROWS).buffer))
    await writeFile(join(path, 'queries.f32'), new Uint8Array(members(QUERIES).buffer))
  })
  const files = { base: join(folder, 'base.f32'), queries: join(folder, 'queries.f32') }
  return {
    name: `60k × 128, 600 clusters, σ ${spread}`,
    files,
    base: readRows(files.base, DIMENSIONS),
    queries: readRows(files.queries, DIMENSIONS),
  }
}
