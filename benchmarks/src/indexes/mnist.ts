// MNIST (60 000 × 784, 10 000 queries) as files of float32, as it is and rotated by a random orthogonal matrix.

import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cached } from '../cache.ts'
import { compiled } from '../compile.ts'
import { testData } from '../test-data.ts'

export const DIMENSIONS = 784
export const ROWS = 60_000
export const QUERIES = 10_000

const SET = 'mnist-784-euclidean'
const HEADER_BYTES = 16
const NEIGHBOURS = 100
const SEED = 1

/** Paths of files of nothing but float32, row-major. */
export interface VectorFiles {
  readonly name: string
  readonly base: string
  readonly queries: string
}

/** The pictures, 0–255. */
export async function mnist(): Promise<VectorFiles> {
  const header = await readFile(testData('ann', SET, 'header.json'))
  const folder = await cached('mnist', [header], async (path) => {
    await mkdir(path)
    for (const [from, to] of [
      ['train-images-idx3-ubyte', 'base.f32'],
      ['t10k-images-idx3-ubyte', 'queries.f32'],
    ] as const) {
      const pixels = (await readFile(testData('ann', SET, from))).subarray(HEADER_BYTES)
      await writeFile(join(path, to), new Uint8Array(Float32Array.from(pixels).buffer))
    }
  })
  return { name: 'mnist', base: join(folder, 'base.f32'), queries: join(folder, 'queries.f32') }
}

/** The same, rotated: neighbours stay what they were, and no number is an integer any more. */
export async function rotatedMnist(): Promise<VectorFiles> {
  const plain = await mnist()
  const program = await compiled('rotate.cc', { flags: ['-O3', '-march=native'] })
  const folder = await cached('mnist-rotated', [plain.base, SEED, program], async (path) => {
    await mkdir(path)
    const files = [plain.base, join(path, 'base.f32'), plain.queries, join(path, 'queries.f32')]
    await promisify(execFile)(program, [String(DIMENSIONS), String(SEED), ...files])
  })
  return { name: 'mnist-rotated', base: join(folder, 'base.f32'), queries: join(folder, 'queries.f32') }
}

/** Share of the true `k` nearest among those found, over queries 0, 1, …; ids: int32, `k` a query. A tie with the k-th counts as true. */
export async function recall(found: Int32Array, k: number): Promise<number> {
  const ids = await int32File('gt100.ids.i32')
  const squared = await int32File('gt100.sqdist.i32')
  const queries = found.length / k
  let hits = 0
  for (let query = 0; query < queries; query++) {
    const from = query * NEIGHBOURS
    const limit = squared[from + k - 1]!
    const truth = new Set<number>()
    for (let i = from; i < from + NEIGHBOURS && squared[i]! <= limit; i++) truth.add(ids[i]!)
    for (const id of found.subarray(query * k, (query + 1) * k)) if (truth.delete(id)) hits++
  }
  return hits / found.length
}

/** A file of int32 that a peer wrote. */
export async function readIds(path: string): Promise<Int32Array> {
  const bytes = await readFile(path)
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
}

function int32File(name: string): Promise<Int32Array> {
  return readIds(testData('ann', SET, name))
}
