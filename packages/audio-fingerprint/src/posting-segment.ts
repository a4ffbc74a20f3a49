// Segment: an inverted index in three arrays: which landmark was seen at which positions. It is never changed; segments are merged into larger ones.

import { TimeSlice, throwIfAborted } from '@cbir/core/define'
import { LANDMARK_BITS } from './landmarks.ts'

/** Postings in order of their landmarks: five or six bytes each. */
export interface Segment {
  /** The upper bits of a landmark choose its bucket. */
  readonly bucketBits: number
  /** Bucket b holds the postings from `buckets[b]` to `buckets[b + 1] - 1`. */
  readonly buckets: Uint32Array
  /** The lower bits of each posting's landmark; ascending within a bucket. */
  readonly rest: Uint8Array | Uint16Array
  /** Where each was seen. */
  readonly positions: Uint32Array
}

/** Where a posting moves to when segments are merged; below 0: it is left out. */
export type Move = (position: number) => number

const LEAST_BUCKET_BITS = 8
const MOST_BUCKET_BITS = 21
/** Postings a bucket, in powers of two. */
const BUCKET_SIZE_BITS = 4
/** Postings that are sorted between two looks at the clock. */
const SORTED = 1 << 14
/** Postings that are merged between two looks at the clock. */
const MERGED = 1 << 14
/** More than any position and less than fits a double beside a landmark. */
const POSITIONS = 2 ** 29

export const EMPTY_SEGMENT: Segment = {
  bucketBits: LEAST_BUCKET_BITS,
  buckets: new Uint32Array(2 ** LEAST_BUCKET_BITS + 1),
  rest: new Uint16Array(0),
  positions: new Uint32Array(0),
}

/** Whether the lower bits of landmarks fit bytes. */
export function isByteWide(bucketBits: number): boolean {
  return LANDMARK_BITS - bucketBits <= 8
}

/** Room for `size` postings. @throws RangeError for bucketBits out of range */
function roomFor(bucketBits: number, size: number): Segment {
  const rest = isByteWide(bucketBits) ? new Uint8Array(size) : new Uint16Array(size)
  return { bucketBits, buckets: new Uint32Array(2 ** bucketBits + 1), rest, positions: new Uint32Array(size) }
}

export function isBucketBits(value: number): boolean {
  return Number.isInteger(value) && value >= LEAST_BUCKET_BITS && value <= MOST_BUCKET_BITS
}

function bucketBitsFor(size: number): number {
  const wanted = Math.ceil(Math.log2(Math.max(1, size))) - BUCKET_SIZE_BITS
  return Math.min(MOST_BUCKET_BITS, Math.max(LEAST_BUCKET_BITS, wanted))
}

/** A segment of the landmarks of one recording; landmark i was seen at `start + frames[i]`. */
export async function segmentOf(numbers: Uint32Array, frames: Uint32Array, start: number, signal?: AbortSignal): Promise<Segment> {
  const slice = new TimeSlice()
  const parts: Segment[] = []
  for (let from = 0; from < numbers.length; from += SORTED) {
    const to = Math.min(numbers.length, from + SORTED)
    const base = frames[from]!
    const keys = Float64Array.from({ length: to - from }, (_, i) => numbers[from + i]! * POSITIONS + frames[from + i]! - base).sort()
    const part = roomFor(bucketBitsFor(keys.length), keys.length)
    const writer = new SegmentWriter(part)
    for (let i = 0; i < keys.length; i++) {
      const landmark = Math.floor(keys[i]! / POSITIONS)
      writer.push(landmark, keys[i]! - landmark * POSITIONS + base + start)
    }
    parts.push(writer.end())
    if (slice.due()) await slice.pause()
    throwIfAborted(signal)
  }
  return mergeAll(parts, undefined, signal)
}

/** One segment of many, pair by pair, so that each posting is moved a few times only. */
export async function mergeAll(segments: readonly Segment[], move?: Move, signal?: AbortSignal): Promise<Segment> {
  let rest = segments
  let moved = move
  if (rest.length === 0) return EMPTY_SEGMENT
  if (rest.length === 1 && moved) return mergePair(rest[0]!, EMPTY_SEGMENT, moved, signal)
  while (rest.length > 1) {
    const next: Segment[] = []
    for (let i = 0; i < rest.length; i += 2) {
      const other = rest[i + 1]
      next.push(other || moved ? await mergePair(rest[i]!, other ?? EMPTY_SEGMENT, moved, signal) : rest[i]!)
    }
    rest = next
    moved = undefined
  }
  return rest[0]!
}

/** The postings of both. */
async function mergePair(a: Segment, b: Segment, move: Move | undefined, signal?: AbortSignal): Promise<Segment> {
  const size = a.positions.length + b.positions.length
  const writer = new SegmentWriter(roomFor(bucketBitsFor(size), size))
  const slice = new TimeSlice()
  const left = new Cursor(a)
  const right = new Cursor(b)
  while (left.landmark < END || right.landmark < END) {
    for (let i = 0; i < MERGED && (left.landmark < END || right.landmark < END); i++) {
      const from = left.landmark <= right.landmark ? left : right
      const position = move ? move(from.position) : from.position
      if (position >= 0) writer.push(from.landmark, position)
      from.next()
    }
    if (slice.due()) {
      await slice.pause()
      throwIfAborted(signal)
    }
  }
  return writer.end()
}

/** No landmark is as large. */
const END: number = 2 ** LANDMARK_BITS

/** Reads a segment's postings in order. */
class Cursor {
  landmark = -1
  position = 0
  private at = -1
  private bucket = 0
  private readonly segment: Segment
  private readonly restBits: number

  constructor(segment: Segment) {
    this.segment = segment
    this.restBits = LANDMARK_BITS - segment.bucketBits
    this.next()
  }

  next(): void {
    const { buckets, rest, positions } = this.segment
    this.at++
    if (this.at >= positions.length) {
      this.landmark = END
      return
    }
    while (buckets[this.bucket + 1]! <= this.at) this.bucket++
    this.landmark = (this.bucket << this.restBits) | rest[this.at]!
    this.position = positions[this.at]!
  }
}

/** Fills a segment with postings in order. */
class SegmentWriter {
  private count = 0
  private bucket = 0
  private readonly segment: Segment
  private readonly restBits: number

  constructor(segment: Segment) {
    this.segment = segment
    this.restBits = LANDMARK_BITS - segment.bucketBits
  }

  push(landmark: number, position: number): void {
    const { buckets, rest, positions } = this.segment
    const bucket = landmark >> this.restBits
    while (this.bucket < bucket) buckets[++this.bucket] = this.count
    rest[this.count] = landmark & ((1 << this.restBits) - 1)
    positions[this.count++] = position
  }

  end(): Segment {
    const { bucketBits, buckets, rest, positions } = this.segment
    while (this.bucket + 1 < buckets.length) buckets[++this.bucket] = this.count
    if (this.count === positions.length) return this.segment
    return { bucketBits, buckets, rest: rest.slice(0, this.count), positions: positions.slice(0, this.count) }
  }
}

/** The first posting at or behind which a landmark's stand; with landmark + 1, where they end. */
export function placeOf({ bucketBits, buckets, rest }: Segment, landmark: number): number {
  const restBits = LANDMARK_BITS - bucketBits
  const bucket = landmark >> restBits
  const wanted = landmark & ((1 << restBits) - 1)
  let low = buckets[bucket] ?? rest.length
  let high = buckets[bucket + 1] ?? rest.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (rest[middle]! < wanted) low = middle + 1
    else high = middle
  }
  return low
}
