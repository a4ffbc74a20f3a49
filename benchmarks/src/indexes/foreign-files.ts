// Files that the libraries themselves write, over a file of float32 rows.

import { join } from 'node:path'
import { annoyPeer, faissPeer, hnswlibPeer } from './peers.ts'
import { SIZE } from './subjects.ts'

const FACTORIES = ['Flat', 'IVF8,Flat', 'HNSW8', 'SQ8', 'PQ4x4', 'IVF4,PQ4x4', 'OPQ4,PQ4x4', 'LSH', 'IDMap,Flat']

/** The files of each library, by the name of the index that reads them. */
export async function writeForeignFiles(folder: string, vectors: string, rows: number): Promise<Readonly<Record<string, readonly string[]>>> {
  const hnsw = join(folder, 'foreign.hnswlib')
  const cpp = await hnswlibPeer()
  await cpp.ask('base', vectors, SIZE)
  await cpp.ask('build', rows, 8, 40, 1, 1)
  await cpp.ask('save', hnsw)
  await cpp.stop()

  const annoy = join(folder, 'foreign.annoy')
  const trees = await annoyPeer()
  await trees.ask('build', 'euclidean', SIZE, vectors, rows, 5, 1, annoy)
  await trees.stop()

  const faiss = faissPeer(1, 1)
  await faiss.ask('base', vectors, SIZE)
  const files: string[] = []
  for (const [i, factory] of FACTORIES.entries()) {
    const file = join(folder, `foreign-${i}.faiss`)
    await faiss.ask('build', factory)
    await faiss.ask('save', file)
    files.push(file)
  }
  await faiss.stop()
  return { 'hnsw-index': [hnsw], 'annoy-index': [annoy], 'faiss-index': files }
}
