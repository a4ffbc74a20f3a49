// ItemsReader: pulls a source of items, copies and checks each batch.

import { inSlices } from '../concurrency/in-slices.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { checkFinite } from './private-copy.ts'
import { pull } from './pull.ts'
import type { Source } from './source.ts'
import { UidMap } from './uid-map.ts'
import { checkUid, duplicateUidError } from './uids.ts'
import { checkBatchShape, describeType, type Items, type VectorBatch } from './vector-batch.ts'

/** A batch of at most so many numbers (16 MB) is copied in one go, before its source or its caller can touch it again: some 5 ms. */
const COPY_AT_ONCE = 1 << 22
/** Larger ones are copied piece by piece, each of about 1 MB. */
const PIECE = 1 << 18

/**
 * Reads a source of `Items`: uids checked and each once over the whole source, vectors of one dimensionality, finite, in memory of our own.
 * The first batch of a synchronous source is pulled and copied when the reader is made, before the caller has its promise.
 */
export class ItemsReader {
  private readonly batches: AsyncGenerator<Items, void, undefined>
  private readonly wholeBatches: boolean
  private readonly seen: UidMap<true> | undefined
  /** The copy that was given last. Whoever got it is done with it when asking for the next, which comes in the same memory. */
  private copy = new Float32Array(0)
  private first: Promise<IteratorResult<Items, void>> | undefined
  private current: Items | undefined
  private taken = 0
  private dimensions: number | undefined

  /**
   * `wholeBatches`: give each batch of the source as one, whatever its size; else large ones come in pieces. `repeats`: a uid that occurs twice
   * is an error (the default), or `passed on` to one who finds it anyway.
   */
  constructor(
    source: Source<Items>,
    options: { readonly wholeBatches: boolean; readonly signal: AbortSignal | undefined; readonly repeats?: 'passed on' | undefined },
  ) {
    this.wholeBatches = options.wholeBatches
    this.seen = options.repeats === 'passed on' ? undefined : new UidMap()
    this.batches = pull(source, (items) => copyItems(items, (length) => this.room(length)), options.signal)
    this.first = this.batches.next()
    this.first.catch(() => {}) // whoever calls next() gets the error; until then it must not count as unhandled
  }

  /** The next batch, valid until the next call; `undefined` at the end. @throws CbirError as `pull`, and for what is wrong with a batch */
  async next(): Promise<Items | undefined> {
    while (!this.current) {
      const first = this.first
      this.first = undefined
      const { done, value } = await (first ?? this.batches.next())
      if (done) return undefined
      this.checkDimensions(value.vectors.dimensions)
      await this.checkUids(value.uids)
      if (value.vectors.count > 0) this.current = value
      this.taken = 0
    }
    return this.take(this.current)
  }

  /** Rows of the source's current batch that `next` has yet to give. */
  get following(): number {
    return this.current ? this.current.vectors.count - this.taken : 0
  }

  /** Ends the source early: runs its `finally`. */
  async close(): Promise<void> {
    try {
      await this.batches.return()
    } catch {
      // The error that made us leave is the one that counts.
    }
  }

  private checkDimensions(dimensions: number): void {
    this.dimensions ??= dimensions
    if (dimensions === this.dimensions) return
    throw new CbirError('DIMENSION_MISMATCH', `A batch has ${dimensions} dimensions, the batches before it had ${this.dimensions}.`)
  }

  private checkUids(uids: readonly string[]): Promise<void> {
    return inSlices(uids.length, 512, (from, to) => {
      for (let i = from; i < to; i++) {
        const uid = uids[i]!
        checkUid(uid, i)
        if (this.seen?.add(uid, true) === false) throw duplicateUidError(uid)
      }
    })
  }

  /** Memory for `length` numbers: that of the last copy, where it fits and nobody has transferred it. Fresh memory costs three times its copy. */
  private room(length: number): Float32Array<ArrayBuffer> {
    if (this.copy.length !== length) this.copy = new Float32Array(length)
    return this.copy
  }

  /** The rest of the current batch, or its next piece, checked for finiteness. */
  private async take(batch: Items): Promise<Items> {
    const { count, dimensions } = batch.vectors
    const whole = isSmall(batch.vectors)
    const rows = this.wholeBatches || whole ? count : Math.max(1, Math.floor(PIECE / dimensions))
    const from = this.taken
    const to = Math.min(count, from + rows)
    this.taken = to
    if (to === count) this.current = undefined
    const vectors = whole ? batch.vectors : await copyRows(batch.vectors, from, to, this.room((to - from) * dimensions))
    const uids = to - from === count ? batch.uids : batch.uids.slice(from, to)
    await checkFinite(vectors, (row) => `The vector of ${JSON.stringify(uids[row])}`)
    return { uids, vectors }
  }
}

/**
 * The shape is checked and a batch of moderate size copied, at once: this runs before the source or the caller can touch it again. `room` gives
 * the memory for the copy.
 */
export function copyItems(items: Items, room: (length: number) => Float32Array = (length) => new Float32Array(length)): Items {
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
  const { data, count, dimensions } = vectors
  if (!isSmall(vectors)) return { uids, vectors: { data, count, dimensions } }
  const copy = room(data.length)
  copy.set(data)
  return { uids, vectors: { data: copy, count, dimensions } }
}

/** Whether a batch was copied when it came. Asked of its shape and not of its buffer, which may have been transferred since. */
function isSmall({ count, dimensions }: VectorBatch): boolean {
  return count * dimensions <= COPY_AT_ONCE
}

async function copyRows(batch: VectorBatch, from: number, to: number, copy: Float32Array): Promise<VectorBatch> {
  const { data, dimensions, count } = batch
  await inSlices(copy.length, PIECE, (begin, end) => {
    if (data.length !== count * dimensions) {
      throw new CbirError(
        'INVALID_ARGUMENT',
        'The buffer of a batch was transferred or resized while it was read. Leave a batch as it is until the source is asked for the next one.',
      )
    }
    copy.set(data.subarray(from * dimensions + begin, from * dimensions + end), begin)
  })
  return { data: copy, count: to - from, dimensions }
}
