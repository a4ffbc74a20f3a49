// lshIndex: the plugin: an LSH index put together from a functor, a hash index, a descriptor set and a hash→uids store.

import type { DescriptorSet, HashIndex, KeyValueStore, LshFunctor, NearestNeighborsIndex, Persistable, Removable, Updatable } from '@cbir/core'
import {
  configWith,
  type DefinedIndex,
  defineNearestNeighborsIndex,
  definePlugin,
  openNearestNeighborsIndex,
  type PluginFactory,
  readOnlyError,
} from '@cbir/core/define'
import { directoryContainer } from '@cbir/core/node'
import { linearHashIndex } from '../hash-index/linear-hash-index.ts'
import { addonFor } from '../lsh-addon.ts'
import { readStore, storedItems } from './adopt-stores.ts'
import { type LshIndexConfig, lshSchema } from './lsh-config.ts'
import { lshDriver } from './lsh-driver.ts'
import type { LshParts } from './lsh-parts.ts'
import { nativeEngine } from './native-engine.ts'
import { plainEngine } from './plain-engine.ts'
import type { RerankAddon } from './rerank-addon.ts'

const NAME = 'lsh-index'
const PACKAGE = '@cbir/lsh'

/** An approximate index with every ability but range search; without `update` or `remove` where its hash index lacks them. */
export type LshIndex = NearestNeighborsIndex & Updatable & Removable & Persistable

/** What `lshIndex` takes: live components, and the values of {@link LshIndexConfig}. */
export interface LshIndexOptions extends Partial<Omit<LshIndexConfig, 'functor' | 'hashIndex' | 'descriptorSet' | 'hashToUids'>> {
  readonly functor: LshFunctor
  readonly hashIndex?: HashIndex | undefined
  readonly descriptorSet?: DescriptorSet | undefined
  readonly hashToUids?: KeyValueStore | undefined
}

/**
 * Locality-sensitive hashing (Indyk and Motwani 1998): `functor` gives each vector a code, `hashIndex` finds the codes that are closest to that of a query, and
 * the vectors that have them are ranked by `metric`. The parts may be anybody's; a part that is given belongs to whoever made it and is not disposed.
 *
 * A functor without a model is trained by the first build, on its rows. Content is replaced whole: a build that fails leaves the old one answering,
 * and puts back what it has changed in the stores.
 *
 * Errors beside those of every index: NOT_TRAINED (the functor has no model and cannot be trained); READ_ONLY; whatever a part throws, e.g. DIMENSION_MISMATCH (fewer
 * dimensions than ITQ has bits); NOT_USABLE (`implementation: 'native'` where there is no binary); with `directory`, or over stores that hold something,
 * FINGERPRINT_MISMATCH (another functor, or stores that do not fit), CORRUPT_DATA and IO_FAILED.
 * @example const index = await lshIndex({ functor: itq({ bits: 64 }), metric: 'cosine' })
 */
export const lshIndex: PluginFactory<LshIndexOptions, LshIndexConfig, Promise<LshIndex>> = definePlugin({
  kind: 'nearest-neighbors-index',
  interfaces: ['NearestNeighborsIndex', 'Updatable', 'Removable', 'Persistable'],
  name: NAME,
  package: PACKAGE,
  components: { functor: 'lsh-functor', hashIndex: 'hash-index', descriptorSet: 'descriptor-set', hashToUids: 'key-value-store' },
  configSchema: lshSchema,
  async create(config, built): Promise<LshIndex> {
    const addon = addonFor<RerankAddon>(config.implementation)
    const engine = addon ? nativeEngine(addon, config.metric) : plainEngine(config.metric)
    const own = built['hashIndex'] ? undefined : await linearHashIndex({ implementation: config.implementation })
    const parts: LshParts = {
      functor: built['functor'] as LshFunctor,
      hashIndex: own ?? (built['hashIndex'] as HashIndex),
      descriptorSet: built['descriptorSet'] as DescriptorSet | undefined,
      hashToUids: built['hashToUids'] as KeyValueStore | undefined,
    }
    const driver = lshDriver(config, parts, engine)
    const identity = { name: NAME, package: PACKAGE, config: configWith(config, built) }
    const { directory, readOnly } = config
    const index =
      directory === undefined
        ? defineNearestNeighborsIndex(identity, driver, { container: directoryContainer })
        : await openNearestNeighborsIndex(identity, driver, { container: directoryContainer, directory })
    const { descriptorSet, hashToUids, functor } = parts
    if (index.count === 0 && descriptorSet && hashToUids && (await hashToUids.count()) > 0) {
      const { codes, uids } = await readStore(hashToUids, functor.bits)
      driver.adopted = { codes }
      try {
        await index.build(storedItems(descriptorSet, uids))
      } finally {
        driver.adopted = undefined
      }
    }
    return finished(index, readOnly, own)
  },
})

/** The index as it is given out: closed to changes where it is to be read only, and with its own hash index disposed after it. */
function finished(index: DefinedIndex, readOnly: boolean, own: HashIndex | undefined): DefinedIndex {
  const given = Object.defineProperties({}, Object.getOwnPropertyDescriptors(index)) as DefinedIndex
  const set = (properties: Partial<DefinedIndex>): void => {
    for (const [key, value] of Object.entries(properties)) Object.defineProperty(given, key, { value, enumerable: true })
  }
  set({
    async dispose() {
      await index.dispose()
      await own?.dispose()
    },
  })
  if (!readOnly) return given
  const refuse = (): Promise<never> => Promise.reject(readOnlyError(NAME))
  set({
    build: refuse,
    update: refuse,
    remove: refuse,
    capabilities: new Set([...index.capabilities].filter((ability) => ability !== 'update' && ability !== 'remove')),
  })
  return given
}
