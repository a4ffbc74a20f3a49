// annoyIndex: the plugin.

import type { NearestNeighborsIndex, Persistable, Removable } from '@cbir/core'
import { type DenseRowsDriver, defineNearestNeighborsIndex, definePlugin, openNearestNeighborsIndex, type PluginFactory } from '@cbir/core/define'
import { directoryContainer } from '@cbir/core/node'
import { addonProblem } from '@cbir/native-kit'
import { PACKAGE_ROOT } from './annoy-addon.ts'
import { type AnnoyIndexConfig, annoySchema } from './annoy-config.ts'
import { type AnnoyRows, annoyDriver } from './annoy-driver.ts'

export const NAME = 'annoy-index'
const PACKAGE = '@cbir/annoy-index'

/** An approximate index that is built whole: rows can be removed, and are added by building again. */
export type AnnoyIndex = NearestNeighborsIndex & Removable & Persistable

/** An index over a driver for this configuration. */
export async function createAnnoyIndex(config: AnnoyIndexConfig, driver: DenseRowsDriver<AnnoyRows>): Promise<AnnoyIndex> {
  const identity = { name: NAME, package: PACKAGE, config: { ...config } }
  const { directory } = config
  if (directory === undefined) return defineNearestNeighborsIndex(identity, driver, { container: directoryContainer })
  return openNearestNeighborsIndex(identity, driver, { container: directoryContainer, directory })
}

/**
 * Approximate nearest neighbours by random projection trees: Spotify's Annoy. Small in memory, quick to build and to open (the saved file is mapped,
 * not read), and never grows: what is new needs another build.
 *
 * Errors beside those of every index: INVALID_CONFIG; INVALID_ARGUMENT (`hamming`: a coordinate that is neither 0 nor 1); NOT_SUPPORTED (more than
 * 65 536 dimensions, more than 2^31 nodes); NOT_USABLE (no binary for this platform); with `directory` also CORRUPT_DATA and IO_FAILED.
 * @example const index = await annoyIndex({ metric: 'angular', trees: 50 })
 */
export const annoyIndex: PluginFactory<Partial<AnnoyIndexConfig>, AnnoyIndexConfig, Promise<AnnoyIndex>> = definePlugin({
  kind: 'nearest-neighbors-index',
  interfaces: ['NearestNeighborsIndex', 'Removable', 'Persistable'],
  name: NAME,
  package: PACKAGE,
  configSchema: annoySchema,
  usability() {
    const reason = addonProblem(PACKAGE_ROOT)
    return reason === undefined ? { usable: true } : { usable: false, reason }
  },
  create: async (config: AnnoyIndexConfig): Promise<AnnoyIndex> => createAnnoyIndex(config, annoyDriver(config)),
})
