// flatIndex on Node: with directories, and with native kernels where there is a binary.

import type { PluginFactory } from '@cbir/core/define'
import { directoryContainer } from '@cbir/core/node'
import { type FlatIndex, type FlatIndexConfig, flatIndexPlugin } from './flat-index-plugin.ts'
import { nativeDriver } from './native-driver.ts'
import { addonFor } from './native-problem.ts'

/**
 * Exact nearest-neighbour search: every query is compared with every vector. The right index for up to some hundred thousand vectors, and the
 * yardstick for approximate ones.
 *
 * Errors beside those of every index: INVALID_CONFIG; NOT_USABLE (`implementation: 'native'` without a binary for this platform); with `directory`
 * also CORRUPT_DATA and IO_FAILED.
 * @example const index = await flatIndex({ metric: 'cosine' })
 */
export const flatIndex: PluginFactory<Partial<FlatIndexConfig>, FlatIndexConfig, Promise<FlatIndex>> = flatIndexPlugin({
  container: directoryContainer,
  nativeDriver: ({ metric, storage, implementation }) => {
    const addon = addonFor(implementation)
    return addon && nativeDriver(addon, metric, storage)
  },
})
