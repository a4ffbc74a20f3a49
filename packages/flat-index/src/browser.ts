// @cbir/flat-index in a browser: the same index, in memory only.

import type { PluginFactory } from '@cbir/core/define'
import { type FlatIndex, type FlatIndexConfig, flatIndexPlugin } from './flat-index-plugin.ts'

export type { FlatIndex, FlatIndexConfig }

/** Exact nearest-neighbour search in memory. `save`, `flush`, `attach` and a `directory` are NOT_SUPPORTED: there are no files. */
export const flatIndex: PluginFactory<Partial<FlatIndexConfig>, FlatIndexConfig, Promise<FlatIndex>> = flatIndexPlugin()
