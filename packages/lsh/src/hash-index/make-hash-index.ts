// What the plugins of hash indexes share: the driver for an implementation, in memory or over a directory.

import type { HashIndex, PersistableHashIndex, RemovableHashIndex, UpdatableHashIndex } from '@cbir/core'
import { defineHashIndex, type HashIndexDriver, linearScan, openHashIndex } from '@cbir/core/define'
import { directoryContainer } from '@cbir/core/node'
import { z } from 'zod'
import { addonFor, type Implementation } from '../lsh-addon.ts'
import type { HashIndexAddon, HashIndexSettings } from './hash-index-addon.ts'
import { nativeHashIndexDriver } from './native-hash-index-driver.ts'

/** A hash index with every ability; its answers are exact. */
export type ExactHashIndex = HashIndex & UpdatableHashIndex & RemovableHashIndex & PersistableHashIndex

/** What every hash index of this package can be configured with. */
export interface HashIndexConfig {
  /** `auto` (where not given): native kernels if there is a binary for this platform, else a scan in TypeScript. Answers and files are the same. */
  readonly implementation: Implementation
  /** A directory that the index lives in: opened if something is there, overwritten by every build. Without it, memory only. */
  readonly directory?: string | undefined
}

export const implementation: z.ZodDefault<z.ZodEnum<{ auto: 'auto'; native: 'native'; typescript: 'typescript' }>> = z
  .enum(['auto', 'native', 'typescript'])
  .default('auto')
export const directory: z.ZodOptional<z.ZodString> = z.string().min(1).optional()

/** The interfaces of these plugins. */
export const INTERFACES: readonly string[] = ['HashIndex', 'UpdatableHashIndex', 'RemovableHashIndex', 'PersistableHashIndex']
export const PACKAGE = '@cbir/lsh'

/**
 * `checkBits`: throws where the configuration does not fit codes of so many bits.
 * @throws CbirError NOT_USABLE, INVALID_CONFIG, CORRUPT_DATA, IO_FAILED
 */
export async function makeHashIndex(
  name: string,
  config: HashIndexConfig,
  settings: HashIndexSettings,
  checkBits: (bits: number) => void = () => {},
): Promise<ExactHashIndex> {
  const addon = addonFor<HashIndexAddon>(config.implementation)
  const identity = { name, package: PACKAGE, config: { ...config } }
  const make = async <S>(driver: HashIndexDriver<S>): Promise<ExactHashIndex> => {
    const checked: HashIndexDriver<S> = {
      ...driver,
      open(bits) {
        checkBits(bits)
        return driver.open(bits)
      },
    }
    if (config.directory === undefined) return defineHashIndex(identity, checked, { container: directoryContainer })
    return openHashIndex(identity, checked, { container: directoryContainer, directory: config.directory })
  }
  return addon ? make(nativeHashIndexDriver(addon, settings)) : make(linearScan)
}
