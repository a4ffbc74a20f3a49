// flatIndexPlugin: the plugin over what a platform has: files or none, native kernels or none.

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
import { type DenseRowsDriver, defineNearestNeighborsIndex, definePlugin, openNearestNeighborsIndex, type PluginFactory } from '@cbir/core/define'
import { z } from 'zod'
import { flatDriver } from './flat-driver.ts'
import type { NativeRows } from './native-driver.ts'
import { STORAGES, type Storage } from './storage.ts'

const NAME = 'flat-index'
const PACKAGE = '@cbir/flat-index'

/** The configuration of a flat index. */
export interface FlatIndexConfig {
  /** How far two vectors are from each other; `euclidean` where not given. */
  readonly metric: Metric
  /** What is scanned; `float32` where not given. Codes are for all metrics but `hamming`; only native kernels use them. */
  readonly storage: Storage
  /** `auto` (where not given): native kernels if there is a binary for this platform, else TypeScript. Answers and files are the same. */
  readonly implementation: 'auto' | 'native' | 'typescript'
  /** A directory that the index lives in: opened if something is there, overwritten by every build. Without it, memory only. */
  readonly directory?: string | undefined
}

/** An exact index with every ability. */
export type FlatIndex = NearestNeighborsIndex & Updatable & Removable & RangeSearchable & Persistable

/** What a platform has. */
export interface FlatIndexPlatform {
  /** Files. */
  readonly container?: DirectoryContainer | undefined
  /** The driver over native kernels; undefined where TypeScript is to scan. @throws CbirError NOT_USABLE (`native` where there is no binary) */
  readonly nativeDriver?: ((config: FlatIndexConfig) => DenseRowsDriver<NativeRows> | undefined) | undefined
}

const schema = z
  .strictObject({
    metric: z.enum(METRIC_NAMES as [Metric, ...Metric[]]).default('euclidean'),
    storage: z.enum(STORAGES as [Storage, ...Storage[]]).default('float32'),
    implementation: z.enum(['auto', 'native', 'typescript']).default('auto'),
    directory: z.string().min(1).optional(),
  })
  .refine(({ metric, storage }) => metric !== 'hamming' || storage === 'float32', {
    path: ['storage'],
    message: 'Codes say nothing about which coordinates differ: with the metric hamming, storage must be float32.',
  })

/** The plugin `flat-index`. Without files its indexes are in memory only: `save` and `directory` are `NOT_SUPPORTED`. */
export function flatIndexPlugin({
  container,
  nativeDriver,
}: FlatIndexPlatform = {}): PluginFactory<Partial<FlatIndexConfig>, FlatIndexConfig, Promise<FlatIndex>> {
  return definePlugin({
    kind: 'nearest-neighbors-index',
    interfaces: ['NearestNeighborsIndex', 'Updatable', 'Removable', 'RangeSearchable', 'Persistable'],
    name: NAME,
    package: PACKAGE,
    configSchema: schema,
    async create(config): Promise<FlatIndex> {
      const native = nativeDriver?.(config)
      if (native) return make(config, native)
      if (config.implementation === 'native') {
        throw new CbirError('NOT_USABLE', `There are no native kernels here for a ${NAME}. Leave implementation out, or run it on Node.`)
      }
      return make(config, flatDriver(config.metric))
    },
  })

  async function make<S>(config: FlatIndexConfig, driver: DenseRowsDriver<S>): Promise<FlatIndex> {
    const identity = { name: NAME, package: PACKAGE, config: { ...config } }
    if (config.directory === undefined) return defineNearestNeighborsIndex(identity, driver, { container })
    if (!container) {
      throw new CbirError(
        'NOT_SUPPORTED',
        `There are no files here, so a ${NAME} cannot live in ${config.directory}. Leave directory out, or run it on Node.`,
      )
    }
    return openNearestNeighborsIndex(identity, driver, { container, directory: config.directory })
  }
}
