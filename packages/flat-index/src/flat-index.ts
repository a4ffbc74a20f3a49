// flatIndex on Node: with directories.

import type { PluginFactory } from '@cbir/core/define'
import { directoryContainer } from '@cbir/core/node'
import { type FlatIndex, type FlatIndexConfig, flatIndexPlugin } from './flat-index-plugin.ts'

/**
 * Exact nearest-neighbour search: every query is compared with every vector. The right index for up to some ten thousand vectors, and the yardstick
 * for approximate ones.
 *
 * Errors beside those of every index: INVALID_CONFIG; with `directory` also CORRUPT_DATA and IO_FAILED.
 * @example const index = await flatIndex({ metric: 'cosine' })
 */
export const flatIndex: PluginFactory<Partial<FlatIndexConfig>, FlatIndexConfig, Promise<FlatIndex>> = flatIndexPlugin(directoryContainer)
