// RecordingIndex: the landmarks of all recordings, in segments of growing size, as log-structured merge trees have them.

import { CbirError } from '@cbir/core'
import type { Fingerprint } from './landmarks.ts'
import { mergeAll, type Segment, segmentOf } from './posting-segment.ts'
import { Timeline } from './timeline.ts'

/** A segment is merged with what was added after it once that is a quarter of it. */
const GROWTH = 4
/** Removed recordings are cleared away when they make up so much of all. */
const MOST_REMOVED = 0.4

export class RecordingIndex {
  timeline: Timeline
  /** The largest first. */
  segments: readonly Segment[]

  /** The peaks of each row's recording, as of a fingerprint. */
  readonly peaks: Map<number, Uint32Array>

  constructor(timeline: Timeline = new Timeline(), segments: readonly Segment[] = [], peaks: Map<number, Uint32Array> = new Map()) {
    this.timeline = timeline
    this.segments = segments
    this.peaks = peaks
  }

  /** Postings of all recordings, removed ones included. */
  get postings(): number {
    return this.segments.reduce((sum, { positions }) => sum + positions.length, 0)
  }

  /** Bytes that the index takes. */
  get bytes(): number {
    const postings = this.segments.reduce((sum, { buckets, rest, positions }) => sum + buckets.byteLength + rest.byteLength + positions.byteLength, 0)
    return [...this.peaks.values()].reduce((sum, { byteLength }) => sum + byteLength, postings)
  }

  /** Adds a recording. Nothing has changed where it throws. @throws CbirError NOT_SUPPORTED, ABORTED */
  async add(row: number, { numbers, frames, peaks, frameCount }: Fingerprint, signal?: AbortSignal): Promise<void> {
    if (!this.timeline.hasRoomFor(frameCount) && this.timeline.removedFrames > 0) await this.compact(signal)
    if (!this.timeline.hasRoomFor(frameCount)) {
      throw new CbirError('NOT_SUPPORTED', 'A matcher holds up to 27 000 hours of sound. Put further recordings into another one.')
    }
    const added = await segmentOf(numbers, frames, this.timeline.end, signal)
    const kept = [...this.segments]
    const merged = [added]
    let size = added.positions.length
    while (kept.length > 0 && kept.at(-1)!.positions.length < GROWTH * size) {
      const last = kept.pop()!
      size += last.positions.length
      merged.unshift(last)
    }
    // The small ones first: the large one is moved only once.
    let whole = merged.pop()!
    while (merged.length > 0) whole = await mergeAll([merged.pop()!, whole], undefined, signal)
    this.segments = [...kept, whole]
    this.timeline.push(row, frameCount)
    this.peaks.set(row, peaks)
  }

  /** Removes recordings, and clears up where it is time to. */
  async remove(rows: Uint32Array): Promise<void> {
    for (const row of rows) {
      this.timeline.remove(row)
      this.peaks.delete(row)
    }
    if (this.timeline.removedFrames > MOST_REMOVED * this.timeline.end) await this.compact()
  }

  /** Leaves out what was removed. */
  async compact(signal?: AbortSignal): Promise<void> {
    const { timeline, move } = this.timeline.compacted()
    const whole = await mergeAll(this.segments, move, signal)
    this.segments = whole.positions.length > 0 ? [whole] : []
    this.timeline = timeline
  }
}
