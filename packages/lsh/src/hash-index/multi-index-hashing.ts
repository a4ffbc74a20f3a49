// multiIndexHashing: tables of substrings, searched outwards from the query's own.

import { CbirError } from '@cbir/core'
import { definePlugin, type PluginFactory } from '@cbir/core/define'
import { z } from 'zod'
import { directory, type ExactHashIndex, type HashIndexConfig, INTERFACES, implementation, makeHashIndex, PACKAGE } from './make-hash-index.ts'

const NAME = 'multi-index-hash-index'
/** Bits of a substring, at most: its table has a place for each value. */
const MOST_BITS = 24

export interface MultiIndexHashingConfig extends HashIndexConfig {
  /**
   * Into how many substrings codes are cut, from ⌈bits / 24⌉ to bits. `auto` (where not given): bits / log₂(codes / 16), chosen anew as the index
   * grows. (The paper advises bits / log₂(codes); sixteen codes of one value are as quickly read as one.)
   */
  readonly substrings: number | 'auto'
}

/**
 * Exact search among bit codes without looking at all of them (Norouzi, Punjani, Fleet: Fast search in Hamming space with multi-index hashing,
 * CVPR 2012). Many times faster than a scan where the neighbours wanted are close; where they turn out to be far, it gives up and scans.
 *
 * Errors beside those of every hash index: INVALID_CONFIG (also from `build` and `update`: so many substrings do not fit the bits of the codes);
 * NOT_USABLE; with `directory` also CORRUPT_DATA and IO_FAILED.
 * @example const index = await multiIndexHashing({ substrings: 4 })
 */
export const multiIndexHashing: PluginFactory<Partial<MultiIndexHashingConfig>, MultiIndexHashingConfig, Promise<ExactHashIndex>> = definePlugin({
  kind: 'hash-index',
  interfaces: INTERFACES,
  name: NAME,
  package: PACKAGE,
  configSchema: z.strictObject({
    substrings: z.union([z.literal('auto'), z.int().min(1)]).default('auto'),
    implementation,
    directory,
  }),
  create(config) {
    const substrings = config.substrings === 'auto' ? undefined : config.substrings
    return makeHashIndex(NAME, config, { kind: 'multi-index', substrings }, (bits) => checkSubstrings(bits, substrings))
  },
})

function checkSubstrings(bits: number, substrings: number | undefined): void {
  const fewest = Math.ceil(bits / MOST_BITS)
  if (substrings === undefined || (substrings <= bits && Math.ceil(bits / substrings) <= MOST_BITS)) return
  throw new CbirError(
    'INVALID_CONFIG',
    `Codes of ${bits} bits can be cut into ${fewest} to ${bits} substrings (of up to ${MOST_BITS} bits); the configuration wants ${substrings}.`,
  )
}
