// ballTreeHashIndex: codes in balls around other codes.

import { definePlugin, type PluginFactory } from '@cbir/core/define'
import { z } from 'zod'
import { directory, type ExactHashIndex, type HashIndexConfig, INTERFACES, implementation, makeHashIndex, PACKAGE } from './make-hash-index.ts'

const NAME = 'ball-tree-hash-index'

export interface BallTreeHashIndexConfig extends HashIndexConfig {
  /** Codes in a leaf, which are looked at together; 40 where not given, as in SMQTK. */
  readonly leafSize: number
  /** Of the random choice of centres; 0 where not given. Answers do not depend on it. */
  readonly seed: number
}

/**
 * Exact search among bit codes by a tree of balls (Yianilos: Data structures and algorithms for nearest neighbor search in general metric spaces,
 * SODA 1993). For codes of few bits or in tight clusters; where balls exclude too little, it gives up and scans.
 *
 * Errors beside those of every hash index: INVALID_CONFIG; NOT_USABLE (`implementation: 'native'` without a binary for this platform); with
 * `directory` also CORRUPT_DATA and IO_FAILED.
 * @example const index = await ballTreeHashIndex({ leafSize: 100 })
 */
export const ballTreeHashIndex: PluginFactory<Partial<BallTreeHashIndexConfig>, BallTreeHashIndexConfig, Promise<ExactHashIndex>> = definePlugin({
  kind: 'hash-index',
  interfaces: INTERFACES,
  name: NAME,
  package: PACKAGE,
  configSchema: z.strictObject({
    leafSize: z.int().min(1).default(40),
    seed: z.int().min(0).default(0),
    implementation,
    directory,
  }),
  create: (config) => makeHashIndex(NAME, config, { kind: 'ball-tree', leafSize: config.leafSize, seed: config.seed }),
})
