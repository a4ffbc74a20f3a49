// ItemsReader: pulls a source of items, copies and checks each batch.

import { abortable, throwIfAborted } from '../concurrency/abort.ts'
import { inSlices, TimeSlice } from '../concurrency/time-slice.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { toCbirError } from '../errors/wrap-error.ts'
import { checkFinite } from './private-copy.ts'
import { isSource, iteratorOf, type Source } from './source.ts'
import { checkUid, duplicateUidError } from './uids.ts'
import { checkBatchShape, describeType, type Items, type VectorBatch } from './vector-batch.ts'

/** A batch of at most so many numbers (32 MB) is copied in one go, before its source or its caller can touch it again. */
const COPY_AT_ONCE = 1 << 23
/** Larger ones are copied piece by piece, each of about 4 MB. */
const PIECE = 1 << 20

/**
 * Reads a source of `Items`: uids checked and each once over the whole source, vectors of one dimensionality, finite, in memory of our own.
 * The first batch of a synchronous source is pulled and copied when the reader is made, before the caller has its promise.
 */
export class ItemsReader {
  private readonly iterator: Iterator<Items> | AsyncIterator<Items>
  private readonly signal: AbortSignal | undefined
  private readonly wholeBatches: boolean
  private readonly seen = new Set<string>()
  private first: Promise<Items | undefined> | undefined
  private current: Items | undefined
  private taken = 0
  private finished = false
  private dimensions: number | undefined

  /** `wholeBatches`: give each batch of the source as one, whatever its size; else large ones come in pieces. */
  constructor(source: Source<Items>, options: { readonly wholeBatches: boolean; readonly signal: AbortSignal | undefined }) {
    if (!isSource(source)) {
      throw new CbirError(
        'INVALID_ARGUMENT',
        `Expected a source of items (an array, an iterable or an async iterable of { uids, vectors }), got ${describeType(source)}. Wrap a single batch as [items].`,
      )
    }
    this.iterator = iteratorOf(source)
    this.signal = options.signal
    this.wholeBatches = options.wholeBatches
    this.first = this.read()
    this.first.catch(() => {}) // whoever calls next() gets the error; until then it must not count as unhandled
  }

  /** The next batch, valid until the next call; `undefined` at the end. */
  next(): Promise<Items | undefined> {
    const first = this.first
    this.first = undefined
    return first ?? this.read()
  }

  /** Ends the source early: runs its `finally`. An aborted reader does not wait for it, as it may be stuck. */
  async close(): Promise<void> {
    if (this.finished) return
    this.finished = true
    try {
      const ending = this.iterator.return?.()
      if (this.signal?.aborted) void Promise.resolve(ending).catch(() => {})
      else await ending
    } catch {
      // The error that made us leave is the one that counts.
    }
  }

  private async read(): Promise<Items | undefined> {
    throwIfAborted(this.signal)
    while (!this.current) {
      const value = this.pull()
      const items = isPromise(value) ? await abortable(value, this.signal) : value
      if (items === undefined) return undefined
      const copy = copyItems(items)
      this.taken = 0
      this.checkDimensions(copy.vectors.dimensions)
      await this.checkUids(copy.uids)
      this.current = copy
      if (this.current.vectors.count === 0) this.current = undefined
    }
    return this.take(this.current)
  }

  /** The next value of the source; a promise only where the source gives one. */
  private pull(): Items | undefined | Promise<Items | undefined> {
    const failed = (error: unknown): CbirError => {
      this.finished = true
      return toCbirError(error, 'SOURCE_FAILED', 'The source of items threw')
    }
    const unwrap = (step: IteratorResult<Items>): Items | undefined => {
      if (step.done) this.finished = true
      return step.done ? undefined : step.value
    }
    try {
      const step = this.iterator.next()
      if (!isPromise(step)) return unwrap(step)
      return step.then(unwrap, (error: unknown) => {
        throw failed(error)
      })
    } catch (error) {
      throw failed(error)
    }
  }

  private checkDimensions(dimensions: number): void {
    this.dimensions ??= dimensions
    if (dimensions === this.dimensions) return
    throw new CbirError('DIMENSION_MISMATCH', `A batch has ${dimensions} dimensions, the batches before it had ${this.dimensions}.`)
  }

  private async checkUids(uids: readonly string[]): Promise<void> {
    await inSlices(uids.length, (i) => {
      const uid = uids[i]!
      checkUid(uid, i)
      if (this.seen.has(uid)) throw duplicateUidError(uid)
      this.seen.add(uid)
    })
  }

  /** The rest of the current batch, or its next piece, checked for finiteness. */
  private async take(batch: Items): Promise<Items> {
    const { count, dimensions, data } = batch.vectors
    const rows = this.wholeBatches || data.length <= COPY_AT_ONCE ? count : Math.max(1, Math.floor(PIECE / dimensions))
    const from = this.taken
    const to = Math.min(count, from + rows)
    this.taken = to
    if (to === count) this.current = undefined
    const vectors = data.length <= COPY_AT_ONCE ? batch.vectors : await copyRows(batch.vectors, from, to)
    const uids = to - from === count ? batch.uids : batch.uids.slice(from, to)
    await checkFinite(vectors, (row) => `The vector of ${JSON.stringify(uids[row])}`)
    return { uids, vectors }
  }
}

/** The shape is checked and a batch of moderate size copied, at once: this runs before the source or the caller can touch it again. */
export function copyItems(items: Items): Items {
  if (typeof items !== 'object' || items === null || !Array.isArray(items.uids)) {
    throw new CbirError('INVALID_ARGUMENT', `A source of items gave ${describeType(items)}; expected { uids: string[], vectors: VectorBatch }.`)
  }
  const { vectors } = items
  checkBatchShape(vectors)
  const uids = items.uids.slice()
  if (uids.length > vectors.count) {
    throw new CbirError(
      'NO_VECTOR',
      `${JSON.stringify(uids[vectors.count])} has no vector: there are ${uids.length} uids and ${vectors.count} vectors.`,
      {
        details: { uids: uids.slice(vectors.count, vectors.count + 5) },
      },
    )
  }
  if (uids.length < vectors.count) {
    throw new CbirError('INVALID_ARGUMENT', `There are ${uids.length} uids for ${vectors.count} vectors; expected one each.`)
  }
  const small = vectors.data.length <= COPY_AT_ONCE
  return { uids, vectors: small ? { ...vectors, data: vectors.data.slice() } : vectors }
}

async function copyRows(batch: VectorBatch, from: number, to: number): Promise<VectorBatch> {
  const { data, dimensions } = batch
  const length = data.length
  const copy = new Float32Array((to - from) * dimensions)
  const slice = new TimeSlice()
  for (let at = 0; at < copy.length; at += PIECE) {
    if (data.length !== length)
      throw new CbirError(
        'INVALID_ARGUMENT',
        'The buffer of a batch was transferred or resized while it was read. Leave a batch as it is until the source is asked for the next one.',
      )
    copy.set(data.subarray(from * dimensions + at, Math.min(from * dimensions + at + PIECE, to * dimensions)), at)
    if (slice.due()) await slice.pause()
  }
  return { data: copy, count: to - from, dimensions }
}

function isPromise<T>(value: T | PromiseLike<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | null)?.then === 'function'
}
