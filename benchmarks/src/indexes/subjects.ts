// What the harnesses of robustness put every index through: one small configuration for each, and the files of the library that it reads.

import type { Items } from '@cbir/core'
import { type AnyIndex, adapterOf, type Config } from './adapters.ts'

/** Of the small indexes. */
export const SIZE = 32

export interface Subject {
  readonly name: string
  /** Small and quickly built. */
  readonly config: Config
  /** What a file of the library does not say about itself; absent where the index reads no such files. */
  readonly fileConfig?: Config | undefined
}

/** Every index, as small as the harnesses want it. */
export const SUBJECTS: readonly Subject[] = [
  { name: 'flat-index', config: { metric: 'euclidean' } },
  { name: 'hnsw-index', config: { metric: 'euclidean', M: 8, efConstruction: 40 }, fileConfig: { metric: 'euclidean' } },
  { name: 'faiss-index', config: { metric: 'euclidean', factory: 'IVF8,Flat', nprobe: 8 }, fileConfig: {} },
  { name: 'annoy-index', config: { metric: 'euclidean', trees: 5 }, fileConfig: { metric: 'euclidean', dimensions: SIZE } },
  { name: 'lsh-index', config: { metric: 'euclidean', candidates: 1000 } },
]

/** The subject of this name. */
export function subjectOf(name: string): Subject {
  const subject = SUBJECTS.find((one) => one.name === name)
  if (!subject) throw new Error(`There is no subject ${name}.`)
  return subject
}

/** An index of the subject, empty or with what its directory holds. */
export function createSubject({ name, config }: Subject, more: Config = {}): Promise<AnyIndex> {
  return adapterOf(name).create({ ...config, ...more })
}

/** Any numbers between −1 and 1 that differ from seed to seed. */
export function numbers(seed: number, length: number): Float32Array<ArrayBuffer> {
  let state = (Math.imul(seed, 2654435761) ^ 0x9e3779b9) | 0
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state >> 8) / 2 ** 23
  })
}

/** `rows` items whose uids are `<prefix><row>`. */
export function items(seed: number, rows: number, prefix = '', dimensions: number = SIZE): Items {
  return {
    uids: Array.from({ length: rows }, (_, row) => `${prefix}${row}`),
    vectors: { data: numbers(seed, rows * dimensions), count: rows, dimensions },
  }
}
