// hnswIndex: the plugin.

import type { NearestNeighborsIndex, Persistable, Removable, Updatable } from '@cbir/core'
import { type DenseRowsDriver, defineNearestNeighborsIndex, definePlugin, openNearestNeighborsIndex, type PluginFactory } from '@cbir/core/define'
import { directoryContainer } from '@cbir/core/node'
import { addonProblem } from '@cbir/native-kit'
import { PACKAGE_ROOT } from './hnsw-addon.ts'
import { type HnswIndexConfig, hnswSchema } from './hnsw-config.ts'
import { type HnswRows, hnswDriver } from './hnsw-driver.ts'

export const NAME = 'hnsw-index'
const PACKAGE = '@cbir/hnsw-index'

/** An approximate index with every ability but range search. */
export type HnswIndex = NearestNeighborsIndex & Updatable & Removable & Persistable

/** An index over a driver for this configuration. */
export async function createHnswIndex(config: HnswIndexConfig, driver: DenseRowsDriver<HnswRows>): Promise<HnswIndex> {
  const identity = { name: NAME, package: PACKAGE, config: { ...config } }
  const { directory } = config
  if (directory === undefined) return defineNearestNeighborsIndex(identity, driver, { container: directoryContainer })
  return openNearestNeighborsIndex(identity, driver, { container: directoryContainer, directory })
}

/**
 * Approximate nearest neighbours by a hierarchical navigable small-world graph: Malkov and Yashunin, "Efficient and robust approximate nearest neighbor
 * search using Hierarchical Navigable Small World graphs", 2018, as hnswlib builds it.
 *
 * Errors beside those of every index: INVALID_CONFIG (a value out of its range; `int8` codes for `hamming`, or beyond 65 536 dimensions);
 * NOT_SUPPORTED (more than 2^30 rows); NOT_USABLE (no binary for this platform); with `directory` also CORRUPT_DATA and IO_FAILED.
 * @example const index = await hnswIndex({ metric: 'cosine', efSearch: 100 })
 */
export const hnswIndex: PluginFactory<Partial<HnswIndexConfig>, HnswIndexConfig, Promise<HnswIndex>> = definePlugin({
  kind: 'nearest-neighbors-index',
  interfaces: ['NearestNeighborsIndex', 'Updatable', 'Removable', 'Persistable'],
  name: NAME,
  package: PACKAGE,
  configSchema: hnswSchema,
  usability() {
    const reason = addonProblem(PACKAGE_ROOT)
    return reason === undefined ? { usable: true } : { usable: false, reason }
  },
  create: async (config: HnswIndexConfig): Promise<HnswIndex> => createHnswIndex(config, hnswDriver(config)),
})
