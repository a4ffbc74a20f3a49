// createDescriptorGenerator: loader and extractor joined into one, with overlap, reuse, and one outcome for each item.

import type { CallOptions } from '../component/call-options.ts'
import { API_VERSION, type ComponentConfig } from '../component/component.ts'
import { throwIfAborted } from '../concurrency/abort.ts'
import { mapOrdered } from '../concurrency/map-ordered.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { toCbirError } from '../errors/wrap-error.ts'
import type { FeatureExtractor } from '../feature-extractor/feature-extractor.ts'
import { labelOf } from '../vector-loader/define-vector-loader.ts'
import type { Part, VectorLoader } from '../vector-loader/vector-loader.ts'
import { checkPositiveInteger } from '../vectors/check-number.ts'
import type { Source } from '../vectors/source.ts'
import type { DescriptorGenerator, Descriptors, Encoder, Generated, GenerateOptions, PartPosition } from './descriptor-generator.ts'
import { isStored, readStored, toItems } from './descriptor-reuse.ts'
import { contentOf, producerOf } from './producer.ts'

const NAME = 'descriptor-generator'

/** Batches in the extractor at once: one is computed, one is prepared, one is on its way back. */
const BATCHES_AT_ONCE = 3

/** The loader and the extractor as one component. It disposes neither. */
export function createDescriptorGenerator<In, T>(loader: VectorLoader<In, T>, extractor: FeatureExtractor<NoInfer<T>>): DescriptorGenerator<In> {
  let known: Promise<string> | undefined
  const producer = (): Promise<string> => (known ??= producerOf(loader, extractor))
  const { dimensions } = extractor
  return {
    kind: 'descriptor-generator',
    name: NAME,
    apiVersion: API_VERSION,
    dimensions,
    ...(extractor.space === undefined ? {} : { space: extractor.space }),
    producer,
    toConfig(): ComponentConfig {
      return { type: NAME, package: '@cbir/core', config: { loader: loader.toConfig(), extractor: extractor.toConfig() } }
    },
    generate: (source, options = {}) => new Generation(loader, extractor, options, producer).run(source),
    async encode(input, options = {}): Promise<Descriptors> {
      const parts = await loadParts(loader, input, options)
      return extractAll(extractor, parts, options)
    },
  }
}

/** The same, named for the query side of a pipeline. */
export function encoder<In, T>(loader: VectorLoader<In, T>, extractor: FeatureExtractor<NoInfer<T>>): Encoder<In> {
  return createDescriptorGenerator(loader, extractor)
}

/** An item on its way: loaded, or found, or failed. */
interface Loaded<In, T> {
  readonly input: In
  /** To be extracted. */
  readonly parts?: readonly Part<T>[]
  readonly content?: string | undefined
  /** In the store, or about to be: settles when it can be read there. */
  readonly stored?: Promise<void>
  readonly error?: CbirError
}

/** An equal content that is being computed in this run. */
interface InFlight {
  readonly stored: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

class Generation<In, T> {
  private readonly loader: VectorLoader<In, T>
  private readonly extractor: FeatureExtractor<T>
  private readonly options: GenerateOptions
  private readonly producer: () => Promise<string>
  private readonly inFlight = new Map<string, InFlight>()
  private turn: Promise<unknown> = Promise.resolve()
  private readonly stop = new AbortController()
  private readonly call: CallOptions

  constructor(loader: VectorLoader<In, T>, extractor: FeatureExtractor<T>, options: GenerateOptions, producer: () => Promise<string>) {
    this.loader = loader
    this.extractor = extractor
    this.options = options
    this.producer = producer
    const { signal } = this.stop
    this.call = { signal: options.signal ? AbortSignal.any([options.signal, signal]) : signal }
  }

  async *run(source: Source<In>): AsyncGenerator<Generated<In>, void, undefined> {
    const { concurrency = 8, onProgress, signal } = this.options
    checkPositiveInteger(concurrency, 'concurrency')
    const { batchSize } = this.extractor
    // Two batches ahead, so that the extractor finds the next one loaded.
    const loaded = mapOrdered(source, (input) => this.load(input), { concurrency, readAhead: Math.max(concurrency, 2 * batchSize), signal })
    const batches = mapOrdered(this.group(loaded), (items) => this.extract(items), { concurrency: BATCHES_AT_ONCE, signal })
    let done = 0
    try {
      for await (const batch of batches) {
        for (const outcome of batch) {
          if (outcome.error && (this.options.onError ?? 'throw') === 'throw') throw outcome.error
          onProgress?.({ done: ++done })
          yield outcome
        }
      }
    } finally {
      this.stop.abort(new CbirError('ABORTED', 'The stream of descriptors was left early.'))
    }
  }

  private async load(input: In): Promise<Loaded<In, T>> {
    let content: string | undefined
    try {
      content = this.options.store && (await this.contentInTurn(input))
      if (content !== undefined) {
        const owner = this.inFlight.get(content)
        if (owner) return { input, content, stored: owner.stored }
        const flight = createFlight()
        this.inFlight.set(content, flight)
        if (!this.options.overwrite && (await this.isStored(content))) {
          this.land(content)
          return { input, content, stored: flight.stored }
        }
      }
      return { input, content, parts: await loadParts(this.loader, input, this.call) }
    } catch (error) {
      const failed = this.failure(error, 'LOAD_FAILED', input)
      if (content !== undefined) this.land(content, failed)
      return { input, error: failed }
    }
  }

  /** The content uuid, given out in the order of the source, so that of equal items the first one computes and only later ones wait. */
  private async contentInTurn(input: In): Promise<string | undefined> {
    const before = this.turn
    const content = contentOf(this.loader, input, this.call)
    this.turn = Promise.allSettled([before, content])
    await before
    return content
  }

  private async isStored(content: string): Promise<boolean> {
    const { store } = this.options
    return store !== undefined && isStored(store, await this.producer(), content, this.call)
  }

  /** The content is in the store now, or will not be. */
  private land(content: string, error?: CbirError): void {
    const flight = this.inFlight.get(content)
    this.inFlight.delete(content)
    if (error) flight?.reject(error)
    else flight?.resolve()
  }

  /** Whole items, gathered until the extractor's batch is full. */
  private async *group(items: AsyncIterable<Loaded<In, T>>): AsyncGenerator<Loaded<In, T>[], void, undefined> {
    let group: Loaded<In, T>[] = []
    let rows = 0
    for await (const item of items) {
      group.push(item)
      rows += item.parts?.length ?? 0
      if (rows >= this.extractor.batchSize || group.length >= 4 * this.extractor.batchSize) {
        yield group
        group = []
        rows = 0
      }
    }
    if (group.length > 0) yield group
  }

  private async extract(group: readonly Loaded<In, T>[]): Promise<Generated<In>[]> {
    const computed = await this.computeParts(group.filter((item) => item.parts))
    await this.keep(computed)
    const outcomes: Generated<In>[] = []
    for (const item of group) outcomes.push(await this.outcome(item, computed.get(item)))
    return outcomes
  }

  /** The descriptors of every item that has parts, in one call of the extractor; if that fails, item by item, so that one bad item costs itself alone. */
  private async computeParts(items: readonly Loaded<In, T>[]): Promise<Map<Loaded<In, T>, Descriptors | CbirError>> {
    const results = new Map<Loaded<In, T>, Descriptors | CbirError>()
    if (items.length === 0) return results
    try {
      const all = await extractAll(
        this.extractor,
        items.flatMap((item) => item.parts ?? []),
        this.call,
      )
      let from = 0
      for (const item of items) {
        const count = item.parts?.length ?? 0
        results.set(item, sliceDescriptors(all, from, item.parts ?? []))
        from += count
      }
    } catch (error) {
      throwIfAborted(this.call.signal)
      for (const item of items) {
        const alone = items.length === 1 ? Promise.reject(error) : extractAll(this.extractor, item.parts ?? [], this.call)
        results.set(item, await alone.catch((cause: unknown) => this.failure(cause, 'EXTRACT_FAILED', item.input)))
      }
    }
    return results
  }

  private async keep(computed: ReadonlyMap<Loaded<In, T>, Descriptors | CbirError>): Promise<void> {
    const { store } = this.options
    if (!store) return
    const entries: { content: string; descriptors: Descriptors }[] = []
    for (const [{ content }, result] of computed) {
      if (content === undefined) continue
      if (result instanceof Error) this.land(content, result)
      else entries.push({ content, descriptors: result })
    }
    if (entries.length === 0) return
    await store.addMany([toItems(await this.producer(), entries, this.extractor.dimensions)], this.call)
    for (const { content } of entries) this.land(content)
  }

  private async outcome(item: Loaded<In, T>, computed: Descriptors | CbirError | undefined): Promise<Generated<In>> {
    const { input } = item
    if (item.error) return { input, error: item.error }
    if (computed instanceof Error) return { input, error: computed }
    if (computed) return { input, descriptors: computed, reused: false }
    try {
      await item.stored
      return { input, descriptors: await this.readStored(item.content ?? ''), reused: true }
    } catch (error) {
      return { input, error: this.failure(error, 'LOAD_FAILED', input) }
    }
  }

  private async readStored(content: string): Promise<Descriptors> {
    const { store } = this.options
    if (!store) throw new CbirError('INVALID_ARGUMENT', 'There is no store to read from.')
    return readStored(store, await this.producer(), content, this.extractor.dimensions, this.call)
  }

  /** An item's error; an abort is nobody's error, and ends the run. */
  private failure(error: unknown, code: 'LOAD_FAILED' | 'EXTRACT_FAILED', input: In): CbirError {
    throwIfAborted(this.call.signal)
    return toCbirError(error, code, `${labelOf(input)} failed`)
  }
}

function createFlight(): InFlight {
  let resolve: () => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const stored = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  stored.catch(() => {}) // an equal item that waits gets it; there may be none
  return { stored, resolve, reject }
}

/** All parts of an item. @throws CbirError EMPTY where it has none */
async function loadParts<In, T>(loader: VectorLoader<In, T>, input: In, options: CallOptions): Promise<Part<T>[]> {
  const parts: Part<T>[] = []
  for await (const part of loader.load(input, options)) parts.push(part)
  if (parts.length > 0) return parts
  throw new CbirError('EMPTY', `${labelOf(input)} has no part that ${loader.name} could give: it is empty, or shorter than one window.`)
}

/** The vectors of all parts, in calls of the extractor's batch size. */
async function extractAll<T>(extractor: FeatureExtractor<T>, parts: readonly Part<T>[], options: CallOptions): Promise<Descriptors> {
  const { batchSize, dimensions } = extractor
  const positions = parts.map(positionOf)
  if (parts.length <= batchSize) {
    const vectors = await extractor.extract(
      parts.map((part) => part.value),
      options,
    )
    return { vectors, parts: positions }
  }
  const data = new Float32Array(parts.length * dimensions)
  for (let from = 0; from < parts.length; from += batchSize) {
    const batch = await extractor.extract(
      parts.slice(from, from + batchSize).map((part) => part.value),
      options,
    )
    data.set(batch.data, from * dimensions)
  }
  return { vectors: { data, count: parts.length, dimensions }, parts: positions }
}

function positionOf({ start, end }: Part<unknown>, index: number): PartPosition {
  return { index, ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) }
}

function sliceDescriptors(all: Descriptors, from: number, parts: readonly Part<unknown>[]): Descriptors {
  const { data, dimensions } = all.vectors
  return {
    vectors: { data: data.slice(from * dimensions, (from + parts.length) * dimensions), count: parts.length, dimensions },
    parts: parts.map(positionOf),
  }
}
