// flatIndex: the plugin, and the function that people call.

import {
  definePlugin,
  METRIC_NAMES,
  type Metric,
  type NearestNeighborsIndex,
  type Persistable,
  type PluginFactory,
  type RangeSearchable,
  type Removable,
  type Updatable,
} from '@cbir/core'
import { defineNearestNeighborsIndex, openNearestNeighborsIndex } from '@cbir/core/define'
import { directoryContainer } from '@cbir/core/node'
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

/**
 * Exact nearest-neighbour search: every query is compared with every vector. The right index for up to some ten thousand vectors, and the yardstick
 * for approximate ones.
 *
 * Errors beside those of every index: INVALID_CONFIG; with `directory` also CORRUPT_DATA and IO_FAILED.
 * @example const index = await flatIndex({ metric: 'cosine' })
 */
export const flatIndex: PluginFactory<Partial<FlatIndexConfig>, FlatIndexConfig, Promise<FlatIndex>> = definePlugin({
  kind: 'nearest-neighbors-index',
  interfaces: ['NearestNeighborsIndex', 'Updatable', 'Removable', 'RangeSearchable', 'Persistable'],
  name: NAME,
  package: PACKAGE,
  configSchema: schema,
  async create(config): Promise<FlatIndex> {
    const identity = { name: NAME, package: PACKAGE, config: { ...config } }
    const driver = flatDriver(config.metric)
    const container = directoryContainer
    if (config.directory === undefined) return defineNearestNeighborsIndex(identity, driver, { container })
    return openNearestNeighborsIndex(identity, driver, { container, directory: config.directory })
  },
})
