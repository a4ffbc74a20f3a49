// Ingest: items through the generator into batches for the index, with ids, uids, and a report of what became of each.

import { abortable, throwIfAborted } from '../concurrency/abort.ts'
import { TimeSlice } from '../concurrency/time-slice.ts'
import { findNotJson, toJson } from '../config/json-data.ts'
import type { DescriptorGenerator, Descriptors, Generated, GenerateOptions } from '../descriptor-generator/descriptor-generator.ts'
import { contentOf } from '../descriptor-generator/producer.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { callForeign } from '../errors/wrap-error.ts'
import { labelOf } from '../vector-loader/define-vector-loader.ts'
import type { VectorLoader } from '../vector-loader/vector-loader.ts'
import { joinRows } from '../vectors/join-rows.ts'
import { pull } from '../vectors/pull.ts'
import type { Source } from '../vectors/source.ts'
import { checkUid, duplicateUidError } from '../vectors/uids.ts'
import { describeType, type Items } from '../vectors/vector-batch.ts'
import type { ItemRecord } from './item-table.ts'
import type { IngestOptions, IngestReport, PipelineItem } from './retrieval-pipeline.ts'

/** Rows in a batch for the index: enough that the cost of a call does not count, few enough that an `add` shows up soon. */
const ROWS_PER_BATCH = 256

/** An item with its descriptors, accepted but not yet named in the index. */
export interface IngestedItem<M> {
  readonly id: string
  readonly metadata: M | undefined
  readonly descriptors: Descriptors
}

/** What the index gets, and what the table keeps of it. */
export interface IngestBatch<M> {
  readonly records: readonly ItemRecord<M>[]
  readonly items: Items
}

export interface IngestParts<In, M> {
  readonly generator: DescriptorGenerator<In>
  readonly loader: VectorLoader<In, unknown>
  readonly store: GenerateOptions['store']
  readonly checkMetadata: (metadata: unknown) => Promise<M | undefined>
}

/** One run over a source of items. `report` is complete when `batches` has ended. */
export class Ingest<In, M> {
  private readonly parts: IngestParts<In, M>
  private readonly options: IngestOptions
  private readonly ids = new Set<string>()
  private readonly skipped: { id: string | undefined; error: Error }[] = []
  private items = 0
  private rows = 0
  private reused = 0

  constructor(parts: IngestParts<In, M>, options: IngestOptions) {
    this.parts = parts
    this.options = options
  }

  get report(): IngestReport {
    const { items, reused, skipped } = this
    return { items, parts: this.rows, computed: items - reused, reused, skipped: [...skipped] }
  }

  /** Accepted items in the order of the source, in batches of about `ROWS_PER_BATCH` vectors. */
  async *batches(source: Source<PipelineItem<In, M>>): AsyncGenerator<IngestedItem<M>[], void, undefined> {
    const { generator, store } = this.parts
    const { onError, concurrency, overwrite, signal, onProgress } = this.options
    const queue: PipelineItem<In, M>[] = []
    const outcomes = generator.generate(this.inputs(source, queue), { store, onError, concurrency, overwrite, signal, onProgress })
    const slice = new TimeSlice()
    let batch: IngestedItem<M>[] = []
    let rows = 0
    for await (const outcome of outcomes) {
      if (slice.due()) await slice.pause()
      const accepted = await this.accept(queue.shift() as PipelineItem<In, M>, outcome)
      if (!accepted) continue
      batch.push(accepted)
      rows += accepted.descriptors.parts.length
      if (rows < ROWS_PER_BATCH) continue
      yield batch
      batch = []
      rows = 0
    }
    if (rows > 0) yield batch
  }

  /** The data of the items; the items themselves wait in `queue` for their outcome, which comes in the same order. */
  private async *inputs(source: Source<PipelineItem<In, M>>, queue: PipelineItem<In, M>[]): AsyncGenerator<In, void, undefined> {
    for await (const item of pull(source, checkItem<In, M>, this.options.signal)) {
      queue.push(item)
      yield item.data
    }
  }

  private async accept(item: PipelineItem<In, M>, outcome: Generated<In>): Promise<IngestedItem<M> | undefined> {
    try {
      if (outcome.error) throw outcome.error
      const id = await this.idOf(item)
      const metadata = await this.parts.checkMetadata(item.metadata)
      const { descriptors, reused } = outcome
      this.ids.add(id)
      this.items++
      this.rows += descriptors.parts.length
      if (reused) this.reused++
      return { id, metadata, descriptors }
    } catch (error) {
      const { onError = 'throw', signal } = this.options
      throwIfAborted(signal)
      if (!CbirError.isInstance(error) || onError === 'throw') throw error
      this.skipped.push({ id: item.id, error })
      return undefined
    }
  }

  private async idOf(item: PipelineItem<In, M>): Promise<string> {
    const id = item.id ?? (await this.contentOf(item))
    if (id === undefined) {
      throw new CbirError(
        'INVALID_ARGUMENT',
        'An item without an id needs data whose content uuid can be known, such as a DataElement. Give it an id.',
      )
    }
    checkUid(id, this.items)
    if (this.ids.has(id)) throw duplicateUidError(id)
    return id
  }

  private contentOf({ data }: PipelineItem<In, M>): Promise<string | undefined> {
    const { signal } = this.options
    const failed = (): string => `The content uuid of ${labelOf(data)} cannot be known`
    return callForeign(() => abortable(contentOf(this.parts.loader, data, { signal }), signal), 'LOAD_FAILED', failed, signal)
  }
}

function checkItem<In, M>(item: PipelineItem<In, M>): PipelineItem<In, M> {
  if (typeof item === 'object' && item !== null && 'data' in item) return item
  throw new CbirError('INVALID_ARGUMENT', `A source of items gave ${describeType(item)}; expected { id?, data, metadata? }.`)
}

/** A copy of metadata that JSON can hold. @throws CbirError INVALID_ARGUMENT */
export function copyMetadata(metadata: unknown): unknown {
  if (metadata === undefined) return undefined
  const found = findNotJson(metadata)
  if (!found) return toJson(metadata)
  throw new CbirError('INVALID_ARGUMENT', `Metadata must be JSON data, but ${found.path ? `at ${found.path} ` : ''}${found.reason}.`)
}

/** Gives every part of every item its uid. */
export async function nameBatch<M>(
  ingested: readonly IngestedItem<M>[],
  nameParts: (id: string, parts: number) => readonly string[],
): Promise<IngestBatch<M>> {
  const records = ingested.map(({ id, metadata, descriptors: { parts } }) => ({ id, metadata, parts, uids: nameParts(id, parts.length) }))
  const batches = ingested.map(({ descriptors }) => descriptors.vectors)
  const vectors = await joinRows(batches, batches[0]?.dimensions ?? 1)
  return { records, items: { uids: records.flatMap((record) => record.uids), vectors } }
}
