// flatIndexPlugin: the plugin over the files that a platform has, or over none.

import {
  CbirError,
  type DirectoryContainer,
  METRIC_NAMES,
  type Metric,
  type NearestNeighborsIndex,
  type Persistable,
  type RangeSearchable,
  type Removable,
  type Updatable,
} from '@cbir/core'
import { defineNearestNeighborsIndex, definePlugin, openNearestNeighborsIndex, type PluginFactory } from '@cbir/core/define'
import { z } from 'zod'
import { flatDriver } from './flat-driver.ts'

const NAME = 'flat-index'
const PACKAGE = '@cbir/flat-index'

/** The configuration of a flat index. */
export interface FlatIndexConfig {
  /** How far two vectors are from each other; `euclidean` where not given. */
  readonly metric: Metric
  /** A directory that the index lives in: opened if something is there, overwritten by every build. Without it, memory only. */
  readonly directory?: string | undefined
}

/** An exact index with every ability. */
export type FlatIndex = NearestNeighborsIndex & Updatable & Removable & RangeSearchable & Persistable

const schema = z.strictObject({
  metric: z.enum(METRIC_NAMES as [Metric, ...Metric[]]).default('euclidean'),
  directory: z.string().min(1).optional(),
})

/** The plugin `flat-index`. Without `container`, its indexes are in memory only: `save` and `directory` are `NOT_SUPPORTED`. */
export function flatIndexPlugin(container?: DirectoryContainer): PluginFactory<Partial<FlatIndexConfig>, FlatIndexConfig, Promise<FlatIndex>> {
  return definePlugin({
    kind: 'nearest-neighbors-index',
    interfaces: ['NearestNeighborsIndex', 'Updatable', 'Removable', 'RangeSearchable', 'Persistable'],
    name: NAME,
    package: PACKAGE,
    configSchema: schema,
    async create(config): Promise<FlatIndex> {
      const identity = { name: NAME, package: PACKAGE, config: { ...config } }
      const driver = flatDriver(config.metric)
      if (config.directory === undefined) return defineNearestNeighborsIndex(identity, driver, { container })
      if (!container) {
        throw new CbirError(
          'NOT_SUPPORTED',
          `There are no files here, so a ${NAME} cannot live in ${config.directory}. Leave directory out, or run it on Node.`,
        )
      }
      return openNearestNeighborsIndex(identity, driver, { container, directory: config.directory })
    },
  })
}
