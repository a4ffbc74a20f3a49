// Generation: one run of a generator over a source: overlap, reuse, and one outcome for each item.

import { abortable, onAbort, throwIfAborted } from '../concurrency/abort.ts'
import { mapOrdered } from '../concurrency/map-ordered.ts'
import { TimeSlice } from '../concurrency/time-slice.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { callForeign, toCbirError } from '../errors/wrap-error.ts'
import type { FeatureExtractor } from '../feature-extractor/feature-extractor.ts'
import { labelOf } from '../vector-loader/define-vector-loader.ts'
import type { Part, VectorLoader } from '../vector-loader/vector-loader.ts'
import { checkPositiveInteger } from '../vectors/check-number.ts'
import { sliceRows } from '../vectors/join-rows.ts'
import { pull } from '../vectors/pull.ts'
import type { Source } from '../vectors/source.ts'
import type { Descriptors, Generated, GenerateOptions } from './descriptor-generator.ts'
import { isStored, readStored, toItems } from './descriptor-reuse.ts'
import { extractAll, loadParts, positionOf, releaseParts } from './extract-parts.ts'
import { contentOf } from './producer.ts'

/** Batches in the extractor at once: one is computed, one is prepared, one is on its way back. */
const BATCHES_AT_ONCE = 3

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

/** What became of a batch: an outcome for each item, or, after some of them, what ends the run. */
interface Outcomes<In> {
  readonly outcomes: readonly Generated<In>[]
  readonly failure?: { readonly error: unknown }
}

export class Generation<In, T> {
  private readonly loader: VectorLoader<In, T>
  private readonly extractor: FeatureExtractor<T>
  private readonly options: GenerateOptions
  private readonly producer: () => Promise<string>
  private readonly inFlight = new Map<string, InFlight>()
  private turn: Promise<void> = Promise.resolve()
  /** Fires when the caller's signal does, and when the stream ends, so that nothing goes on behind it. */
  private readonly stop = new AbortController()
  private readonly call: { readonly signal: AbortSignal } = { signal: this.stop.signal }

  constructor(loader: VectorLoader<In, T>, extractor: FeatureExtractor<T>, options: GenerateOptions, producer: () => Promise<string>) {
    this.loader = loader
    this.extractor = extractor
    this.options = options
    this.producer = producer
  }

  async *run(source: Source<In>): AsyncGenerator<Generated<In>, void, undefined> {
    const { concurrency = 8, onProgress, onError = 'throw', signal } = this.options
    checkPositiveInteger(concurrency, 'concurrency')
    throwIfAborted(signal)
    const forget = signal && onAbort(signal, () => this.stop.abort(signal.reason))
    const { batchSize } = this.extractor
    const inputs = pull(source, (input) => input, this.call.signal)
    const loaded = mapOrdered(inputs, (input) => abortable(this.load(input), this.call.signal), {
      concurrency,
      // Two batches ahead, so that the extractor finds the next one loaded.
      readAhead: Math.max(concurrency, 2 * batchSize),
      weigh: ({ parts }) => parts?.length ?? 1,
      signal,
    })
    const batches = mapOrdered(this.group(loaded), (items) => this.extract(items), { concurrency: BATCHES_AT_ONCE, signal })
    const slice = new TimeSlice()
    let done = 0
    try {
      for await (const { outcomes, failure } of batches) {
        let leaving = true
        try {
          for (const outcome of outcomes) {
            if (outcome.error && onError === 'throw') throw outcome.error
            if (slice.due()) await slice.pause()
            onProgress?.({ done: ++done })
            yield outcome
          }
          if (failure) throw failure.error
          leaving = false
        } finally {
          // Before the loop closes `batches`, which waits for everything that is under way.
          if (leaving) this.end()
        }
      }
    } finally {
      forget?.()
      this.end()
    }
  }

  private end(): void {
    this.stop.abort(new CbirError('ABORTED', 'The stream of descriptors was left.'))
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
    // Without a value: a chain of values would keep those of every item.
    this.turn = Promise.allSettled([before, content]).then(() => {})
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

  /** Whole items, gathered until the extractor's batch is full; an error that ends the run does not wait for that. */
  private async *group(items: AsyncIterable<Loaded<In, T>>): AsyncGenerator<Loaded<In, T>[], void, undefined> {
    const { onError = 'throw' } = this.options
    const { batchSize } = this.extractor
    let group: Loaded<In, T>[] = []
    let rows = 0
    for await (const item of items) {
      group.push(item)
      rows += item.parts?.length ?? 0
      if (rows >= batchSize || group.length >= 4 * batchSize || (item.error && onError === 'throw')) {
        yield group
        group = []
        rows = 0
      }
    }
    if (group.length > 0) yield group
  }

  private async extract(group: readonly Loaded<In, T>[]): Promise<Outcomes<In>> {
    const outcomes: Generated<In>[] = []
    try {
      const computed = await abortable(this.compute(group), this.call.signal)
      for (const item of group) outcomes.push(await this.outcome(item, computed.get(item)))
      return { outcomes }
    } catch (error) {
      // Equal items in other batches wait for those of this one.
      const failed = toCbirError(error, 'EXTRACT_FAILED', 'A batch failed')
      for (const { content, parts } of group) if (content !== undefined && parts) this.land(content, failed)
      return { outcomes, failure: { error: failed } }
    }
  }

  private async compute(group: readonly Loaded<In, T>[]): Promise<Map<Loaded<In, T>, Descriptors | CbirError>> {
    const computed = await this.computeParts(group.filter((item) => item.parts))
    await this.keep(computed)
    return computed
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
        results.set(item, { vectors: await sliceRows(all.vectors, from, count), parts: (item.parts ?? []).map(positionOf) })
        from += count
        releaseParts(this.loader, item.parts ?? [], all.vectors)
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
    const items = await toItems(await this.producer(), entries, this.extractor.dimensions)
    await callForeign(
      () => store.addMany([items], this.call),
      'IO_FAILED',
      () => 'The store of descriptors could not be written',
      this.call.signal,
    )
    for (const { content } of entries) this.land(content)
  }

  private async outcome(item: Loaded<In, T>, computed: Descriptors | CbirError | undefined): Promise<Generated<In>> {
    const { input } = item
    if (item.error) return { input, error: item.error }
    if (computed instanceof Error) return { input, error: computed }
    if (computed) return { input, descriptors: computed, reused: false }
    try {
      if (item.stored) await abortable(item.stored, this.call.signal)
      return { input, descriptors: await abortable(this.readStored(item.content ?? ''), this.call.signal), reused: true }
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
