// defineNearestNeighborsIndex: an adapter gives a driver over dense rows; core gives names, checks, locking, filters, abort, files and disposal.

import type { CallOptions } from '../component/call-options.ts'
import type { Identity } from '../component/component.ts'
import { describeComponent } from '../component/describe-component.ts'
import type { DirectoryContainer } from '../component/directory-container.ts'
import { abortable, throwIfAborted } from '../concurrency/abort.ts'
import { CallOrder } from '../concurrency/call-order.ts'
import { inSlices } from '../concurrency/in-slices.ts'
import { Lifetime } from '../concurrency/lifetime.ts'
import { ReadWriteLock } from '../concurrency/read-write-lock.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { withDetails } from '../errors/with-details.ts'
import { checkUids, copyUids } from '../vectors/check-uids.ts'
import { ItemsReader } from '../vectors/items-reader.ts'
import { checkDimensions, checkFinite, copyBatch } from '../vectors/private-copy.ts'
import { unknownUidError } from '../vectors/uids.ts'
import type { VectorBatch } from '../vectors/vector-batch.ts'
import { checkAnswer, checkOffsets, completeSearch } from './complete-search.ts'
import type { DenseRowsDriver, RowBitmap, RowNeighbours } from './dense-rows-driver.ts'
import { applyUpdate, buildContent, callDriver, discard, type IndexContent, nextVersion } from './index-content.ts'
import { loadIndex, saveIndex } from './index-files.ts'
import type {
  AttachmentProvider,
  IndexCapability,
  NearestNeighborsIndex,
  NearestOptions,
  Persistable,
  RangeSearchable,
  Removable,
  RowFilter,
  UidPredicate,
  Updatable,
  VectorOrigin,
} from './nearest-neighbors-index.ts'
import { type makeNeighbours, nameNeighbours } from './neighbours.ts'
import { checkOrigin, copyOrigin } from './origin.ts'
import { computeRowBitmap } from './row-filter.ts'

/** Names that are looked up between two looks at the clock. */
const STEP = 512

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
  return new IndexMaker(identity, driver, storage.container, undefined).index
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
  const maker = new IndexMaker(identity, driver, at.container, at.directory)
  await maker.load(at.origin, options)
  return maker.index
}

interface CompiledFilter {
  /** The version of the content that it was computed for; not the content itself, which a filter that is kept must not keep in memory. */
  readonly version: number | undefined
  readonly allow: RowBitmap
}

class IndexMaker<S> {
  readonly index: DefinedIndex
  private readonly name: string
  private readonly driver: DenseRowsDriver<S>
  private readonly container: DirectoryContainer | undefined
  private readonly directory: string | undefined
  private readonly capabilities: ReadonlySet<IndexCapability>
  private readonly lifetime: Lifetime
  private readonly lock = new ReadWriteLock()
  /** Held by everything that writes files, so that an older state is never written over a newer one and `savedVersion` tells what is there. */
  private readonly files = new ReadWriteLock()
  /** Held by an update that builds, as there is nothing yet that it could lock. */
  private readonly firstBuilds = new ReadWriteLock()
  private readonly order = new CallOrder()
  private readonly filters = new WeakMap<RowFilter, { compiled: CompiledFilter }>()
  private readonly attachments = new Map<string, AttachmentProvider>()
  private attached: ReadonlyMap<string, Uint8Array> = new Map()
  private content: IndexContent<S> | undefined
  /** The version of the content that the directory holds. */
  private savedVersion: number | undefined

  constructor(identity: Identity, driver: DenseRowsDriver<S>, container: DirectoryContainer | undefined, directory: string | undefined) {
    const component = describeComponent('nearest-neighbors-index', identity)
    this.name = component.name
    this.driver = driver
    this.container = container
    this.directory = directory
    this.lifetime = new Lifetime(component.name)
    this.capabilities = capabilitiesOf(driver, container)
    if (directory !== undefined) this.need('persist')
    const self = this
    this.index = {
      ...component,
      capabilities: this.capabilities,
      get count() {
        return self.content?.table.count ?? 0
      },
      get dimensions() {
        return self.content?.dimensions
      },
      get origin() {
        return self.content?.origin ?? {}
      },
      build: (source, options = {}) => this.call(options, () => this.build(this.reader(source, options, false), options)),
      update: (source, options = {}) => this.call(options, () => this.update(source, options)),
      remove: (uids, options = {}) => this.call(options, () => this.remove(uids, options)),
      nearest: (queries, k, options = {}) => this.call(options, () => this.nearest(queries, k, options)),
      within: (queries, radius, options = {}) => this.call(options, () => this.within(queries, radius, options)),
      compileFilter: (predicate, options = {}) => this.call(options, () => this.compileFilter(predicate, options)),
      save: (path, options = {}) => this.call(options, () => this.save(path, options)),
      flush: (options = {}) => this.call(options, () => this.flush(options)),
      attach: (name, provide) => this.attach(name, provide),
      attachment: (name) => this.attached.get(name)?.slice(),
      dispose: () => this.lifetime.dispose(() => this.close()),
    }
  }

  async load(origin: VectorOrigin | undefined, options: CallOptions): Promise<void> {
    if (!this.container || this.directory === undefined) return
    const loaded = await loadIndex(this.name, this.driver, this.container, this.directory, options)
    if (!loaded) return
    const { content } = loaded
    try {
      checkOrigin(content.origin, origin, 'those it is opened for')
    } catch (error) {
      await discard(this.driver, content.state)
      throw error
    }
    this.content = content
    this.attached = loaded.attached
    this.savedVersion = content.version
  }

  private call<T>(options: CallOptions, work: () => Promise<T>): Promise<T> {
    return this.lifetime.run(work, options.signal)
  }

  private need(capability: IndexCapability): void {
    if (this.capabilities.has(capability)) return
    const able = [...this.capabilities].join(', ') || 'build and search only'
    throw new CbirError('NOT_SUPPORTED', `This ${this.name} cannot ${capability}; it can: ${able}. Ask supports(index, '${capability}') first.`)
  }

  private reader(source: Parameters<NearestNeighborsIndex['build']>[0], options: CallOptions, wholeBatches: boolean): ItemsReader {
    return new ItemsReader(source, { wholeBatches, signal: options.signal })
  }

  // Prepares beside the old content, which goes on answering. Swaps come in the order of the calls.
  private build(reader: ItemsReader, options: Parameters<NearestNeighborsIndex['build']>[1] & {}): Promise<number> {
    return this.order.replace(async (turn) => {
      const next = await buildContent(this.name, this.driver, reader, copyOrigin(options.origin), options)
      let old: IndexContent<S> | undefined
      try {
        await abortable(turn, options.signal)
        old = await this.files.write(async () => {
          if (this.directory !== undefined) await this.write(next, this.directory, options)
          return this.lock.write(() => this.swap(next))
        }, options.signal)
      } catch (error) {
        await discard(this.driver, next.state)
        throw error
      }
      if (old) await discard(this.driver, old.state)
      return next.table.count
    })
  }

  /** Gives the content that stood before. */
  private swap(next: IndexContent<S>): IndexContent<S> | undefined {
    const old = this.content
    this.content = next
    if (this.directory !== undefined) this.savedVersion = next.version
    return old
  }

  private async update(source: Parameters<Updatable['update']>[0], options: Parameters<Updatable['update']>[1] & {}): Promise<number> {
    this.need('update')
    const reader = this.reader(source, options, true)
    let batchesApplied = 0
    return this.order.change(async (turn) => {
      try {
        await abortable(turn, options.signal)
        if (!this.content) {
          const built = await this.firstBuilds.write(() => this.firstBuild(reader, options), options.signal)
          if (built) return this.index.count
        }
        checkOrigin(this.index.origin, options.origin, 'the new ones')
        for (let items = await reader.next(); items; items = await reader.next()) {
          const batch = items
          await this.lock.write(() => applyUpdate(this.name, this.driver, this.content as IndexContent<S>, batch, options), options.signal)
          batchesApplied++
          options.onProgress?.({ done: batchesApplied })
        }
        return this.index.count
      } catch (error) {
        await reader.close()
        throw withDetails(error, { batchesApplied })
      }
    })
  }

  /** The build that an update of a never-built index is; false where another call built it meanwhile. Queries go on: there is nothing to find. */
  private async firstBuild(reader: ItemsReader, options: Parameters<Updatable['update']>[1] & {}): Promise<boolean> {
    if (this.content) return false
    try {
      this.content = await buildContent(this.name, this.driver, reader, copyOrigin(options.origin), options)
    } catch (error) {
      if (!CbirError.isInstance(error, 'EMPTY_BUILD')) throw error // an update with nothing changes nothing
    }
    return true
  }

  private async remove(uids: Iterable<string>, options: CallOptions): Promise<number> {
    this.need('remove')
    const list = copyUids(uids)
    return this.order.change(async (turn) => {
      await checkUids(list, true, options.signal)
      await abortable(turn, options.signal)
      return this.lock.write(async () => {
        const { content } = this
        const rows = new Uint32Array(list.length)
        const unknown: string[] = []
        await inSlices(list.length, STEP, (from, to) => {
          for (let i = from; i < to; i++) {
            const row = content?.table.rowOf(list[i]!)
            if (row === undefined) unknown.push(list[i]!)
            else rows[i] = row
          }
        })
        if (unknown.length > 0) throw unknownUidError(this.name, unknown)
        if (!content || list.length === 0) return this.index.count
        await callDriver(this.name, 'free', () => this.driver.free?.(content.state, rows, options), options)
        await inSlices(list.length, STEP, (from, to) => {
          for (let i = from; i < to; i++) content.table.remove(list[i]!)
        })
        content.version = nextVersion()
        return content.table.count
      }, options.signal)
    })
  }

  private async nearest(queries: VectorBatch, k: number, options: NearestOptions): Promise<ReturnType<typeof makeNeighbours>> {
    if (!Number.isInteger(k) || k < 1) {
      throw new CbirError('INVALID_ARGUMENT', `k must be a positive integer, got ${String(k)}. It is the number of neighbours wanted.`)
    }
    return this.search(queries, options, async (content, own, allow, tuning) => {
      const most = Math.min(k, allow?.count ?? content.table.count)
      if (most === 0 || own.count === 0) return noNeighbours(own.count)
      const { signal, onProgress } = options
      return callDriver(
        this.name,
        'search',
        () => completeSearch(this.name, this.driver, content.state, own, most, { allow, tuning, signal, onProgress }),
        options,
      )
    })
  }

  private async within(queries: VectorBatch, radius: number, options: NearestOptions): Promise<ReturnType<typeof makeNeighbours>> {
    this.need('range')
    if (typeof radius !== 'number' || Number.isNaN(radius)) {
      throw new CbirError('INVALID_ARGUMENT', `radius must be a number, got ${String(radius)}. It is a distance in the metric of the index.`)
    }
    // Rounded as distances are, so that a vector at the distance 0.1 is within 0.1.
    const reach = Math.fround(radius)
    return this.search(queries, options, async (content, own, allow, tuning) => {
      if (allow?.count === 0 || own.count === 0) return noNeighbours(own.count)
      const { signal, onProgress } = options
      const answer = await callDriver(
        this.name,
        'within',
        async () => this.driver.within?.(content.state, own, reach, { allow, tuning, attempt: 0, signal, onProgress }) as Promise<RowNeighbours>,
        options,
      )
      checkOffsets(this.name, answer, own.count)
      return answer
    })
  }

  /** What both searches share: a private copy of the queries, the checks, the read lock, the filter, and names for rows. */
  private async search(
    queries: VectorBatch,
    options: NearestOptions,
    find: (
      content: IndexContent<S>,
      queries: VectorBatch,
      allow: RowBitmap | undefined,
      tuning: Readonly<Record<string, number>>,
    ) => Promise<RowNeighbours>,
  ): Promise<ReturnType<typeof makeNeighbours>> {
    const own = copyBatch(queries, 'queries')
    const tuning = this.checkTuning(options.tuning)
    await checkFinite(own, (row) => `Query ${row}`)
    return this.lock.read(async () => {
      const { content } = this
      if (!content || content.table.count === 0) {
        throw new CbirError('EMPTY_INDEX', `The ${this.name} holds no vectors. Build it, or open the directory of a saved one, before it is asked.`)
      }
      checkDimensions(own.dimensions, content.dimensions, 'The queries')
      checkOrigin(content.origin, options.origin, 'the queries')
      const allow = await this.allowedRows(content, options)
      const answer = await find(content, own, allow, tuning)
      throwIfAborted(options.signal)
      const live = allow ?? content.table.live()
      await checkAnswer(this.name, answer, (row) => (live.bits[row >> 3]! & (1 << (row & 7))) !== 0)
      return nameNeighbours(answer, (row) => content.table.uidAt(row))
    }, options.signal)
  }

  private checkTuning(tuning: Readonly<Record<string, number>> = {}): Readonly<Record<string, number>> {
    const parameters = this.driver.tuning ?? {}
    for (const [key, value] of Object.entries(tuning)) {
      const parameter = Object.hasOwn(parameters, key) ? parameters[key] : undefined
      if (!parameter) {
        const known = Object.keys(parameters).join(', ') || 'none'
        throw new CbirError('INVALID_ARGUMENT', `${this.name} has no run-time parameter "${key}". It has: ${known}.`)
      }
      const fits = parameter.integer ? Number.isInteger(value) : Number.isFinite(value)
      if (!fits || value < parameter.min || value > parameter.max) {
        throw new CbirError(
          'INVALID_ARGUMENT',
          `${key} must be ${parameter.integer ? 'an integer' : 'a number'} from ${parameter.min} to ${parameter.max}, got ${String(value)}.`,
        )
      }
    }
    return { ...tuning }
  }

  private async allowedRows(content: IndexContent<S>, options: NearestOptions): Promise<RowBitmap | undefined> {
    const { filter, signal } = options
    if (filter === undefined) return content.table.hasHoles ? content.table.live() : undefined
    if (typeof filter === 'function') return computeRowBitmap(content.table, filter, signal)
    const entry = this.filters.get(filter)
    if (!entry) {
      throw new CbirError('INVALID_ARGUMENT', 'The filter must be a function of a uid, or made by compileFilter of this very index.')
    }
    if (entry.compiled.version !== content.version) entry.compiled = await this.compile(filter.predicate, signal)
    return entry.compiled.allow
  }

  private async compile(predicate: UidPredicate, signal: AbortSignal | undefined): Promise<CompiledFilter> {
    const { content } = this
    const allow = content ? await computeRowBitmap(content.table, predicate, signal) : { bits: new Uint8Array(0), count: 0 }
    return { version: content?.version, allow }
  }

  private async compileFilter(predicate: UidPredicate, options: CallOptions): Promise<RowFilter> {
    if (typeof predicate !== 'function')
      throw new CbirError('INVALID_ARGUMENT', 'compileFilter takes a function of a uid that returns true or false.')
    return this.lock.read(async () => {
      const entry = { compiled: await this.compile(predicate, options.signal) }
      const filter: RowFilter = {
        predicate,
        get passing() {
          return entry.compiled.allow.count
        },
      }
      this.filters.set(filter, entry)
      return filter
    }, options.signal)
  }

  private async save(directory: string, options: CallOptions): Promise<void> {
    this.need('persist')
    if (typeof directory !== 'string' || directory === '') throw new CbirError('INVALID_ARGUMENT', 'save takes the path of a directory.')
    const write = async (): Promise<void> => {
      const { content } = this
      if (!content) throw new CbirError('EMPTY_INDEX', `The ${this.name} was never built, so there is nothing to save.`)
      await this.write(content, directory, options)
    }
    await this.files.write(() => this.lock.read(write, options.signal), options.signal)
  }

  private async write(content: IndexContent<S>, directory: string, options: CallOptions): Promise<void> {
    if (this.container) await saveIndex(this.name, this.driver, this.container, content, directory, this.attachments, options)
  }

  private attach(name: string, provide: AttachmentProvider): void {
    this.lifetime.throwIfDisposed()
    this.need('persist')
    if (!/^[a-z0-9-]{1,40}$/.test(name)) {
      throw new CbirError(
        'INVALID_ARGUMENT',
        `The name of an attachment has 1 to 40 lower-case letters, digits and hyphens, got ${JSON.stringify(name)}.`,
      )
    }
    this.attachments.set(name, provide)
  }

  private async flush(options: CallOptions): Promise<void> {
    this.need('persist')
    await this.files.write(() => this.lock.read(() => this.writeChanges(options), options.signal), options.signal)
  }

  private async writeChanges(options: CallOptions): Promise<void> {
    const { content, directory } = this
    if (!content || directory === undefined || this.savedVersion === content.version) return
    await this.write(content, directory, options)
    this.savedVersion = content.version
  }

  private async close(): Promise<void> {
    try {
      await this.writeChanges({})
    } finally {
      const { content } = this
      this.content = undefined
      if (content) await callDriver(this.name, 'close', () => this.driver.close?.(content.state), {})
    }
  }
}

function capabilitiesOf<S>(driver: DenseRowsDriver<S>, container: DirectoryContainer | undefined): ReadonlySet<IndexCapability> {
  const capabilities = new Set<IndexCapability>()
  if (!driver.finish || driver.appendsAfterFinish) capabilities.add('update')
  if (driver.free) capabilities.add('remove')
  if (driver.within) capabilities.add('range')
  if (driver.save && driver.load && container) capabilities.add('persist')
  if (driver.exact) capabilities.add('exact')
  return capabilities
}

function noNeighbours(queries: number): RowNeighbours {
  return { rows: new Uint32Array(0), distances: new Float32Array(0), offsets: new Uint32Array(queries + 1) }
}
