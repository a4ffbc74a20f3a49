// createRetrievalPipeline: loader, extractor and index joined; ids, metadata, parts and reuse are kept here.

import type { CallOptions } from '../component/call-options.ts'
import type { Component } from '../component/component.ts'
import { needComponent } from '../component/need-component.ts'
import { supports } from '../component/supports.ts'
import { abortable } from '../concurrency/abort.ts'
import { CallOrder } from '../concurrency/call-order.ts'
import { inSlices } from '../concurrency/in-slices.ts'
import { ReadWriteLock } from '../concurrency/read-write-lock.ts'
import { TimeSlice } from '../concurrency/time-slice.ts'
import type { SchemaResult, StandardSchema } from '../config/standard-schema.ts'
import { createDescriptorGenerator } from '../descriptor-generator/create-descriptor-generator.ts'
import type { DescriptorGenerator, Encoder } from '../descriptor-generator/descriptor-generator.ts'
import type { DescriptorSet } from '../descriptor-set/descriptor-set.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { withDetails } from '../errors/with-details.ts'
import { callForeign } from '../errors/wrap-error.ts'
import type { FeatureExtractor } from '../feature-extractor/feature-extractor.ts'
import type {
  NearestNeighborsIndex,
  Persistable,
  RangeSearchable,
  Removable,
  Updatable,
  VectorOrigin,
} from '../nearest-neighbors-index/nearest-neighbors-index.ts'
import { checkOrigin } from '../nearest-neighbors-index/origin.ts'
import type { VectorLoader } from '../vector-loader/vector-loader.ts'
import { checkPositiveInteger } from '../vectors/check-number.ts'
import { checkUids, copyUids } from '../vectors/check-uids.ts'
import type { Source } from '../vectors/source.ts'
import { unknownUidError } from '../vectors/uids.ts'
import type { Items } from '../vectors/vector-batch.ts'
import { copyMetadata, Ingest, type IngestedItem, nameBatch } from './ingest.ts'
import { type ItemRecord, ItemTable, type PartOf } from './item-table.ts'
import { readItemTable, writeItemTable } from './item-table-file.ts'
import { poolMatches } from './pool-matches.ts'
import type { FindOptions, IngestOptions, IngestReport, Match, PipelineItem, RetrievalPipeline } from './retrieval-pipeline.ts'

/** The name under which a pipeline writes its table with the index. */
export const PIPELINE_ATTACHMENT = 'pipeline'

/** Items that are looked up between two looks at the clock. */
const STEP = 256

/** The components of a pipeline. It disposes none of them: who creates, disposes. */
export interface PipelineComponents<In, T, I extends NearestNeighborsIndex, M, Q> {
  readonly loader: VectorLoader<In, T>
  readonly extractor: FeatureExtractor<NoInfer<T>>
  readonly index: I
  /** Turns queries into vectors, where they are something else than items; its producer or space must be that of the index. */
  readonly query?: Encoder<Q> | undefined
  /** Where descriptors are kept for reuse. */
  readonly store?: DescriptorSet | undefined
  /** Checks metadata and gives it its type; JSON of any form where not given. */
  readonly metadata?: StandardSchema<unknown, M> | undefined
}

/**
 * A typed pipeline over any loader, extractor and index. If the index was opened from a directory that a pipeline wrote, its items are there again.
 * @example
 * const photos = createRetrievalPipeline({ loader: imageLoader(), extractor: colourHistogram(), index: await flatIndex() })
 * await photos.build(fileTree('photos').items())
 * const matches = await photos.findSimilar('cat.jpg', 5)
 */
export function createRetrievalPipeline<In, T, I extends NearestNeighborsIndex, M = Readonly<Record<string, unknown>>, Q = In>(
  components: PipelineComponents<In, T, I, M, Q>,
): RetrievalPipeline<In, Q, M, I> {
  // `add`, `remove`, `save` and `flush` are there for every index and reach its own NOT_SUPPORTED; the type shows those that it can do.
  return new PipelineMaker(components).pipeline as unknown as RetrievalPipeline<In, Q, M, I>
}

type AnyIndex = NearestNeighborsIndex & Updatable & Removable & RangeSearchable & Persistable

class PipelineMaker<In, T, I extends NearestNeighborsIndex, M, Q> {
  readonly pipeline: RetrievalPipeline<In, Q, M, AnyIndex>
  private readonly components: PipelineComponents<In, T, I, M, Q>
  private readonly index: AnyIndex
  private readonly generator: DescriptorGenerator<In>
  private readonly query: Encoder<Q>
  private readonly order = new CallOrder()
  /** One batch of `add`, or one `remove`, at a time: each reads which uids its items have. */
  private readonly changes = new ReadWriteLock()
  private table = new ItemTable<M>()
  /** Tables of a build or a batch under way: their items may be in the index a moment before they are in `table`. */
  private readonly building = new Set<ItemTable<M>>()
  private nextUid = 0
  private loading: Promise<void> | undefined

  constructor(components: PipelineComponents<In, T, I, M, Q>) {
    needComponent(components.loader, 'vector-loader', 'loader')
    needComponent(components.extractor, 'feature-extractor', 'extractor')
    needComponent(components.index, 'nearest-neighbors-index', 'index')
    if (components.store !== undefined) needComponent(components.store, 'descriptor-set', 'store')
    this.components = components
    this.index = components.index as unknown as AnyIndex
    this.generator = createDescriptorGenerator(components.loader, components.extractor)
    this.query = components.query ?? (this.generator as unknown as Encoder<Q>)
    if (supports(components.index, 'persist')) this.index.attach(PIPELINE_ATTACHMENT, (has) => this.write(has))
    const self = this
    this.pipeline = {
      index: this.index,
      get count() {
        return self.table.count
      },
      ready: () => this.ready(),
      has: (id) => this.table.get(id) !== undefined,
      metadata: (id) => this.known(id).metadata,
      build: (items, options = {}) => this.build(items, options),
      add: (items, options = {}) => this.add(items, options),
      remove: (ids, options = {}) => this.remove(ids, options),
      findSimilar: (query, k, options = {}) => this.findSimilar(query, k, options),
      save: (directory, options) => this.unchanged(() => this.index.save(directory, options), options),
      flush: (options) => this.unchanged(() => this.index.flush(options), options),
    }
  }

  /** Runs `work` between two batches: in the middle of one, index and table may differ. */
  private async unchanged(work: () => Promise<void>, { signal }: CallOptions = {}): Promise<void> {
    await abortable(this.ready(), signal)
    await this.changes.write(work, signal)
  }

  private ready(): Promise<void> {
    this.loading ??= this.load()
    return this.loading
  }

  /** Reads the table that came with the index. */
  private async load(): Promise<void> {
    const { index } = this
    const bytes = supports(this.components.index, 'persist') ? index.attachment(PIPELINE_ATTACHMENT) : undefined
    if (bytes) {
      const table = new ItemTable<M>()
      const header = await readItemTable(bytes, (item) => table.set(item as ItemRecord<M>))
      checkOrigin({ ...index.origin, producer: header.producer }, await this.origin(this.generator), 'those of this pipeline')
      this.table = table
      this.nextUid = header.nextUid
    } else if (index.count > 0) {
      throw new CbirError(
        'INVALID_ARGUMENT',
        `The ${index.name} holds ${index.count} vectors that no pipeline put there, so their items are not known. Give the pipeline an empty index, or one that a pipeline saved.`,
      )
    }
  }

  private async *write(has: (uid: string) => boolean): AsyncGenerator<Uint8Array, void, undefined> {
    // An index that is written before its pipeline was used must not lose the table that it came with.
    await this.ready()
    const header = { producer: await this.generator.producer(), nextUid: this.nextUid, components: this.configurations() }
    yield* writeItemTable(header, this.recordsOf(has))
  }

  /** Each item of the content that is written, once. What is on its way into the index knows better than the table. */
  private async *recordsOf(has: (uid: string) => boolean): AsyncGenerator<ItemRecord<M>, void, undefined> {
    const slice = new TimeSlice()
    const seen = new Set<string>()
    for (const table of this.tables()) {
      for (const record of table.records()) {
        if (slice.due()) await slice.pause()
        if (seen.has(record.id) || !record.uids.every(has)) continue
        seen.add(record.id)
        yield record
      }
    }
  }

  /** The components as data, so that a registry can make them again; undefined where one of them cannot be written. */
  private configurations(): Readonly<Record<string, unknown>> | undefined {
    const { loader, extractor, index, query } = this.components
    try {
      const parts = { loader: loader.toConfig(), extractor: extractor.toConfig(), index: index.toConfig() }
      if (!query) return parts
      const { toConfig } = query as Partial<Component>
      return toConfig && { ...parts, query: toConfig.call(query) }
    } catch (error) {
      if (CbirError.isInstance(error, 'NOT_SERIALIZABLE')) return undefined
      throw error
    }
  }

  private async origin(of: Encoder<never>): Promise<VectorOrigin> {
    return { producer: await of.producer(), ...(of.space === undefined ? {} : { space: of.space }) }
  }

  private ingest(options: IngestOptions): Ingest<In, M> {
    const { loader, store } = this.components
    return new Ingest({ generator: this.generator, loader, store, checkMetadata: (metadata) => this.checkMetadata(metadata) }, options)
  }

  private async checkMetadata(metadata: unknown): Promise<M | undefined> {
    const { metadata: schema } = this.components
    const copy = copyMetadata(metadata)
    if (!schema) return copy as M | undefined
    const validate = async (): Promise<SchemaResult<M>> => schema['~standard'].validate(copy)
    const result = await callForeign(validate, 'INVALID_ARGUMENT', () => 'The schema of the metadata failed')
    // What the schema made of it is saved as well.
    if (!result.issues) return copyMetadata(result.value) as M
    throw new CbirError('INVALID_ARGUMENT', `The metadata does not fit its schema: ${result.issues.map((issue) => issue.message).join('; ')}`)
  }

  private freshUids(count: number): string[] {
    return Array.from({ length: count }, () => String(this.nextUid++))
  }

  /**
   * Begins when every earlier call has ended. The index could prepare beside an add that is under way, but would then give the rest of that add to
   * the new content.
   */
  private build(source: Source<PipelineItem<In, M>>, options: IngestOptions): Promise<IngestReport> {
    return this.order.replace(async (turn) => {
      const { signal } = options
      await abortable(turn, signal)
      await abortable(this.ready(), signal)
      const table = new ItemTable<M>()
      const ingest = this.ingest(options)
      const nameParts = (_id: string, parts: number): string[] => this.freshUids(parts)
      async function* items(): AsyncGenerator<Items, void, undefined> {
        for await (const ingested of ingest.batches(source)) {
          const batch = await nameBatch(ingested, nameParts)
          for (const record of batch.records) table.set(record)
          yield batch.items
        }
      }
      this.building.add(table)
      try {
        await this.index.build(items(), { signal, origin: await this.origin(this.generator) })
        this.table = table
      } catch (error) {
        throw withDetails(error, { skipped: ingest.report.skipped })
      } finally {
        this.building.delete(table)
      }
      return ingest.report
    })
  }

  private add(source: Source<PipelineItem<In, M>>, options: IngestOptions): Promise<IngestReport> {
    return this.order.change(async (turn) => {
      const { signal } = options
      await abortable(turn, signal)
      await abortable(this.ready(), signal)
      const origin = await this.origin(this.generator)
      const ingest = this.ingest(options)
      let batchesApplied = 0
      try {
        for await (const batch of ingest.batches(source)) {
          await this.changes.write(async () => {
            await this.addBatch(batch, origin, options)
            batchesApplied++
          }, signal)
        }
      } catch (error) {
        throw withDetails(error, { batchesApplied, skipped: ingest.report.skipped })
      }
      return ingest.report
    })
  }

  private async addBatch(ingested: readonly IngestedItem<M>[], origin: VectorOrigin, { signal }: CallOptions): Promise<void> {
    // An item that exists keeps the uids of its parts, as far as they go.
    const batch = await nameBatch(ingested, (id, parts) => {
      const kept = this.table.get(id)?.uids.slice(0, parts) ?? []
      return [...kept, ...this.freshUids(parts - kept.length)]
    })
    const surplus = batch.records.flatMap(({ id, uids }) => this.table.get(id)?.uids.slice(uids.length) ?? [])
    if (surplus.length > 0 && !supports(this.components.index, 'remove')) {
      throw new CbirError(
        'NOT_SUPPORTED',
        `An item was replaced by one with fewer parts, but this ${this.index.name} cannot remove the others. Build it again.`,
      )
    }
    const arriving = new ItemTable<M>()
    for (const record of batch.records) arriving.set(record)
    this.building.add(arriving)
    try {
      await this.update(batch.items, { signal, origin })
      for (const record of batch.records) this.table.set(record)
    } finally {
      this.building.delete(arriving)
    }
    if (surplus.length > 0) await this.index.remove(surplus)
  }

  /** One batch into the index. A signal that fires when it stands already is too late. */
  private async update(items: Items, options: CallOptions & { readonly origin: VectorOrigin }): Promise<void> {
    try {
      await this.index.update([items], options)
    } catch (error) {
      if (!CbirError.isInstance(error, 'ABORTED') || error.details['batchesApplied'] !== 1) throw error
    }
  }

  private remove(ids: Iterable<string>, options: CallOptions): Promise<void> {
    return this.order.change(async (turn) => {
      const { signal } = options
      const list = copyUids(ids)
      await checkUids(list, true, signal)
      await abortable(turn, signal)
      await abortable(this.ready(), signal)
      await this.changes.write(async () => {
        const uids: string[] = []
        const unknown: string[] = []
        const look = (from: number, to: number): void => {
          for (let i = from; i < to; i++) {
            const found = this.table.get(list[i]!)
            if (!found) unknown.push(list[i]!)
            for (const uid of found?.uids ?? []) uids.push(uid)
          }
        }
        await inSlices(list.length, STEP, look, signal)
        if (unknown.length > 0) throw unknownUidError('The pipeline', unknown)
        await this.index.remove(uids, options)
        await inSlices(list.length, STEP, (from, to) => {
          for (let i = from; i < to; i++) this.table.delete(list[i]!)
        })
      }, signal)
    })
  }

  private async findSimilar(query: Q, k: number, options: FindOptions<M>): Promise<Match<M>[]> {
    checkPositiveInteger(k, 'k')
    const { signal, tuning, pool = 'item' } = options
    if (pool !== 'item' && pool !== 'part') {
      throw new CbirError('INVALID_ARGUMENT', `pool must be 'item' or 'part', got ${JSON.stringify(pool)}.`)
    }
    // Begins before the promise is given out, after which the caller may change the query.
    const encoding = callForeign(
      () => this.query.encode(query, { signal }),
      'EXTRACT_FAILED',
      () => 'The query cannot be encoded',
      signal,
    )
    encoding.catch(() => {}) // it is awaited below
    await abortable(this.ready(), signal)
    const { vectors } = await encoding
    const { index } = this
    const filter = options.filter && (await index.compileFilter(this.uidFilter(options.filter), { signal }))
    const origin = await this.origin(this.query as Encoder<never>)
    const partsPerItem = Math.max(1, Math.ceil(index.count / Math.max(1, this.table.count)))
    // A build that ends meanwhile replaces the table, but the answer may still be of the content before.
    let tables = this.tables()
    return poolMatches<M>({
      k,
      most: Math.max(1, index.count),
      first: pool === 'item' ? k * partsPerItem : k,
      ask: (count) => {
        tables = this.tables()
        return index.nearest(vectors, count, { filter, signal, tuning, origin })
      },
      resolve: (uid) => this.partAt(uid) ?? partIn(tables, uid),
      keyOf: (uid, item) => (pool === 'item' ? item.id : uid),
      signal,
    })
  }

  private uidFilter(filter: NonNullable<FindOptions<M>['filter']>): (uid: string) => boolean {
    return (uid) => {
      const found = this.partAt(uid)
      return found ? filter(found.item.metadata, found.item.id) : false
    }
  }

  private tables(): readonly ItemTable<M>[] {
    return [...this.building, this.table]
  }

  private partAt(uid: string): PartOf<M> | undefined {
    return (this.building.size > 0 ? partIn(this.building, uid) : undefined) ?? this.table.partAt(uid)
  }

  private known(id: string): ItemRecord<M> {
    const item = this.table.get(id)
    if (!item) throw unknownUidError('The pipeline', [id])
    return item
  }
}

function partIn<M>(tables: Iterable<ItemTable<M>>, uid: string): PartOf<M> | undefined {
  for (const table of tables) {
    const found = table.partAt(uid)
    if (found) return found
  }
  return undefined
}
