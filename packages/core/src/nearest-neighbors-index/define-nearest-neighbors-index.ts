// defineNearestNeighborsIndex: an adapter gives a driver over dense rows; core gives names, checks, locking, filters, abort, files and disposal.

import type { CallOptions } from '../component/call-options.ts'
import type { Identity } from '../component/component.ts'
import { describeComponent } from '../component/describe-component.ts'
import type { DirectoryContainer } from '../component/directory-container.ts'
import { Lifetime } from '../concurrency/lifetime.ts'
import { CurrentContent } from './current-content.ts'
import type { DenseRowsDriver } from './dense-rows-driver.ts'
import { callDriver } from './index-content.ts'
import { IndexPersistence } from './index-persistence.ts'
import { IndexSearcher } from './index-searcher.ts'
import { IndexWriter } from './index-writer.ts'
import type { NearestNeighborsIndex, Persistable, RangeSearchable, Removable, Updatable, VectorOrigin } from './nearest-neighbors-index.ts'

/** An index with every method. What the instance cannot do throws `NOT_SUPPORTED`; an adapter's written return type names what it can. */
export type DefinedIndex = NearestNeighborsIndex & Updatable & Removable & RangeSearchable & Persistable

export interface IndexStorage {
  /** How the index is written; `directoryContainer` of `@cbir/core/node`. Without it, the index cannot be saved. */
  readonly container?: DirectoryContainer | undefined
}

export interface IndexDirectory {
  readonly container: DirectoryContainer
  /** Opened if something is there; every completed build overwrites it, `flush` and `dispose` write what else changed. */
  readonly directory: string
  /** What the stored vectors must be comparable with. @throws CbirError FINGERPRINT_MISMATCH */
  readonly origin?: VectorOrigin | undefined
}

/** An index in memory over a driver. */
export function defineNearestNeighborsIndex<S>(identity: Identity, driver: DenseRowsDriver<S>, storage: IndexStorage = {}): DefinedIndex {
  return assemble(identity, driver, storage.container, undefined).index
}

/**
 * An index over a driver that lives in a directory.
 * @throws CbirError CORRUPT_DATA, INVALID_CONFIG (saved with another layout), FINGERPRINT_MISMATCH, IO_FAILED, NOT_SUPPORTED (the driver cannot save)
 */
export async function openNearestNeighborsIndex<S>(
  identity: Identity,
  driver: DenseRowsDriver<S>,
  at: IndexDirectory,
  options: CallOptions = {},
): Promise<DefinedIndex> {
  const { index, load } = assemble(identity, driver, at.container, at.directory)
  await load(at.origin, options)
  return index
}

/** The parts of an index put together; `load` opens what its directory holds. */
function assemble<S>(
  identity: Identity,
  driver: DenseRowsDriver<S>,
  container: DirectoryContainer | undefined,
  directory: string | undefined,
): { readonly index: DefinedIndex; load(origin: VectorOrigin | undefined, options: CallOptions): Promise<void> } {
  const component = describeComponent('nearest-neighbors-index', identity)
  const current = new CurrentContent(component.name, driver, container)
  const persistence = new IndexPersistence(current, container, directory)
  const searcher = new IndexSearcher(current)
  const writer = new IndexWriter(current, persistence)
  const lifetime = new Lifetime(component.name)

  async function close(): Promise<void> {
    try {
      await persistence.writeChanges({})
    } finally {
      const { content, name } = current
      current.content = undefined
      if (content) await callDriver(name, 'close', () => driver.close?.(content.state), {})
    }
  }

  const index: DefinedIndex = {
    ...component,
    capabilities: current.capabilities,
    get count() {
      return current.count
    },
    get dimensions() {
      return current.content?.dimensions
    },
    get origin() {
      return current.content?.origin ?? {}
    },
    build: (source, options = {}) => lifetime.run(() => writer.build(source, options), options.signal),
    update: (source, options = {}) => lifetime.run(() => writer.update(source, options), options.signal),
    remove: (uids, options = {}) => lifetime.run(() => writer.remove(uids, options), options.signal),
    nearest: (queries, k, options = {}) => lifetime.run(() => searcher.nearest(queries, k, options), options.signal),
    within: (queries, radius, options = {}) => lifetime.run(() => searcher.within(queries, radius, options), options.signal),
    compileFilter: (predicate, options = {}) => lifetime.run(() => searcher.compileFilter(predicate, options), options.signal),
    save: (path, options = {}) => lifetime.run(() => persistence.save(path, options), options.signal),
    flush: (options = {}) => lifetime.run(() => persistence.flush(options), options.signal),
    attach(name, provide) {
      lifetime.throwIfDisposed()
      persistence.attach(name, provide)
    },
    attachment: (name) => persistence.attachment(name),
    dispose: () => lifetime.dispose(close),
  }
  return { index, load: (origin, options) => persistence.load(origin, options) }
}
