// linearHashIndex: every code is looked at.

import { definePlugin, type PluginFactory } from '@cbir/core/define'
import { z } from 'zod'
import { directory, type ExactHashIndex, type HashIndexConfig, INTERFACES, implementation, makeHashIndex, PACKAGE } from './make-hash-index.ts'

const NAME = 'linear-hash-index'

/**
 * Exact search among bit codes by comparing the query with all of them: as fast as memory can be read. The right hash index for up to some
 * million codes, for large k, and where neighbours are far.
 *
 * Errors beside those of every hash index: INVALID_CONFIG; NOT_USABLE (`implementation: 'native'` without a binary for this platform); with
 * `directory` also CORRUPT_DATA and IO_FAILED.
 * @example const index = await linearHashIndex()
 */
export const linearHashIndex: PluginFactory<Partial<HashIndexConfig>, HashIndexConfig, Promise<ExactHashIndex>> = definePlugin({
  kind: 'hash-index',
  interfaces: INTERFACES,
  name: NAME,
  package: PACKAGE,
  configSchema: z.strictObject({ implementation, directory }),
  create: (config) => makeHashIndex(NAME, config, { kind: 'linear' }),
})
