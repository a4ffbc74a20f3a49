// The indexes that are measured, by name: how to make one, and how to open another program's file in one.

import { annoyIndex, type ReadAnnoyFileOptions, readAnnoyFile } from '@cbir/annoy-index'
import type { NearestNeighborsIndex, Persistable, RangeSearchable, Removable, Updatable } from '@cbir/core'
import { faissIndex, readFaissFile } from '@cbir/faiss-index'
import { flatIndex } from '@cbir/flat-index'
import { hnswIndex, type ReadHnswlibFileOptions, readHnswlibFile } from '@cbir/hnsw-index'
import { itq, lshIndex } from '@cbir/lsh'

export type AnyIndex = NearestNeighborsIndex & Partial<Updatable & Removable & RangeSearchable & Persistable>
export type Config = Readonly<Record<string, unknown>>

interface Adapter {
  readonly create: (config: Config) => Promise<AnyIndex>
  /** Opens a file of the library that the index is built on; uids are its row numbers. Files do not say everything: `config` says the rest. */
  readonly importFile?: (file: string, config: Config) => Promise<AnyIndex>
}

/** Every index, by its plugin's name. */
export const ADAPTERS: Readonly<Record<string, Adapter>> = {
  'flat-index': { create: flatIndex },
  'hnsw-index': { create: hnswIndex, importFile: (file, config) => readHnswlibFile(file, config as unknown as ReadHnswlibFileOptions) },
  'faiss-index': { create: faissIndex, importFile: (file, config) => readFaissFile(file, config) },
  'lsh-index': { create: async (config) => lshIndex({ ...config, functor: await itq({ bits: 16 }) }) },
  'annoy-index': { create: annoyIndex, importFile: (file, config) => readAnnoyFile(file, config as unknown as ReadAnnoyFileOptions) },
}

/** The adapter of this name. */
export function adapterOf(name: string): Adapter {
  const adapter = ADAPTERS[name]
  if (!adapter) throw new Error(`There is no index ${name}.`)
  return adapter
}
