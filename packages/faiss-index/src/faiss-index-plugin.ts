// The plugin faiss-index.

import type { NearestNeighborsIndex, Persistable, RangeSearchable, Removable, Updatable } from '@cbir/core'
import { type DefinedIndex, defineNearestNeighborsIndex, definePlugin, openNearestNeighborsIndex, type PluginFactory } from '@cbir/core/define'
import { directoryContainer } from '@cbir/core/node'
import { faissAddon, faissProblem } from './addon.ts'
import { parseFactory } from './factory-string.ts'
import { type FaissIndexConfig, faissConfigSchema, NAME } from './faiss-config.ts'
import { type FaissState, faissDriver } from './faiss-driver.ts'

const PACKAGE = '@cbir/faiss-index'

/** An index of faiss. With a factory string that begins a graph (`HNSW…`), `remove` and `within` throw NOT_SUPPORTED; `supports` tells. */
export type FaissIndex = NearestNeighborsIndex & Updatable & Removable & RangeSearchable & Persistable

/** An index over a configuration that was parsed. `adopt`: see `faissDriver`. */
export async function createFaissIndex(config: FaissIndexConfig, adopt?: FaissState): Promise<FaissIndex> {
  const identity = { name: NAME, package: PACKAGE, config: { ...config } }
  const driver = faissDriver(faissAddon(), config, parseFactory(config.factory), adopt)
  const index: DefinedIndex =
    config.directory === undefined
      ? defineNearestNeighborsIndex(identity, driver, { container: directoryContainer })
      : await openNearestNeighborsIndex(identity, driver, { container: directoryContainer, directory: config.directory })
  return index
}

/**
 * The indexes of faiss, by their factory strings.
 *
 * Errors beside those of every index: INVALID_CONFIG (a factory string that faiss does not have in this metric, or that does not fit the
 * dimensions of the vectors), INVALID_ARGUMENT (too few vectors to train on), NOT_USABLE; with `directory` also CORRUPT_DATA and IO_FAILED.
 * @example const index = await faissIndex({ factory: 'IVF1024,Flat', metric: 'cosine' })
 */
export const faissIndex: PluginFactory<Partial<FaissIndexConfig>, FaissIndexConfig, Promise<FaissIndex>> = definePlugin({
  kind: 'nearest-neighbors-index',
  interfaces: ['NearestNeighborsIndex', 'Updatable', 'Removable', 'RangeSearchable', 'Persistable'],
  name: NAME,
  package: PACKAGE,
  configSchema: faissConfigSchema,
  usability() {
    const problem = faissProblem()
    return problem === undefined ? { usable: true } : { usable: false, reason: problem }
  },
  create: (config: FaissIndexConfig) => createFaissIndex(config),
})
