// The files of saved recordings: the timeline, the segments, and the peaks. What is read is checked before it is used.

import { type CallOptions, CbirError, type ContainerWriter, type OpenContainer } from '@cbir/core'
import { inSlices, type RowBitmap } from '@cbir/core/define'
import { BIN_BITS } from './landmarks.ts'
import { isBucketBits, isByteWide, type Segment } from './posting-segment.ts'
import { RecordingIndex } from './recording-index.ts'
import { MOST_FRAMES_OF_ALL, NO_ROW, Timeline } from './timeline.ts'
import { BINS, MOST_RECORDING_FRAMES } from './working-format.ts'

/** One entry a recording, in their order: row (or NO_ROW), frames, peaks. */
const TIMELINE = 'timeline'
/** The peaks of the recordings that are there, one after another. */
const PEAKS = 'peaks'
/** [bucketBits, postings], buckets, positions, rest. */
const SEGMENT = 'segment-'
/** Numbers that are checked between two looks at the clock. */
const STEP = 1 << 14

const bytesOf = (array: Uint8Array | Uint16Array | Uint32Array): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

export async function writeRecordings({ timeline, segments, peaks }: RecordingIndex, writer: ContainerWriter): Promise<void> {
  const entries = new Uint32Array(3 * timeline.rows.length)
  for (const [entry, row] of timeline.rows.entries()) {
    entries[3 * entry] = row
    entries[3 * entry + 1] = timeline.lengths[entry]!
    entries[3 * entry + 2] = peaks.get(row)?.length ?? 0
  }
  await writer.write(TIMELINE, [bytesOf(entries)])
  await writer.write(
    PEAKS,
    (function* () {
      for (const row of timeline.rows) if (row !== NO_ROW) yield bytesOf(peaks.get(row)!)
    })(),
  )
  for (const [i, { bucketBits, buckets, rest, positions }] of segments.entries()) {
    const head = Uint32Array.of(bucketBits, positions.length)
    await writer.write(SEGMENT + i, [head, buckets, positions, rest].map(bytesOf))
  }
}

/** @throws CbirError CORRUPT_DATA */
export async function readRecordings(container: OpenContainer, live: RowBitmap, options: CallOptions): Promise<RecordingIndex> {
  const timeline = new Timeline()
  const peaks = new Map<number, Uint32Array>()
  const entries = numbersOf(await container.read(TIMELINE, options), TIMELINE)
  const allPeaks = numbersOf(await container.read(PEAKS, options), PEAKS)
  if (entries.length % 3 !== 0) throw corrupt('its timeline is cut')
  let taken = 0
  for (let i = 0; i < entries.length; i += 3) {
    const [row, frames, count] = [entries[i]!, entries[i + 1]!, entries[i + 2]!]
    if (frames < 1 || frames > MOST_RECORDING_FRAMES || timeline.end + frames > MOST_FRAMES_OF_ALL)
      throw corrupt(`recording ${i / 3} has ${frames} frames`)
    if (row !== NO_ROW) {
      if (timeline.has(row) || !isLive(live, row)) throw corrupt(`recording ${i / 3} stands in row ${row}, which is not its own`)
      if (count > allPeaks.length - taken) throw corrupt(`the peaks of row ${row} are cut`)
      const own = allPeaks.slice(taken, taken + count)
      await checkPeaks(own, frames, row)
      peaks.set(row, own)
      taken += count
    }
    timeline.push(row, frames)
  }
  if (peaks.size !== live.count || taken !== allPeaks.length) throw corrupt(`it holds ${peaks.size} recordings and not ${live.count}`)
  const segments: Segment[] = []
  for (let i = 0; container.files.some(({ name }) => name === SEGMENT + i); i++) {
    segments.push(await readSegment(await container.read(SEGMENT + i, options), timeline.end))
  }
  return new RecordingIndex(timeline, segments, peaks)
}

function isLive({ bits }: RowBitmap, row: number): boolean {
  return ((bits[row >> 3] ?? 0) & (1 << (row & 7))) !== 0
}

function numbersOf(bytes: Uint8Array, what: string): Uint32Array {
  if (bytes.length % 4 !== 0) throw corrupt(`${what} is cut`)
  // What the container gives is ours; where it begins is the container's choice.
  const own = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  return new Uint32Array(own.buffer, own.byteOffset, own.length / 4)
}

/** Peaks stand in their order, within the recording. */
async function checkPeaks(peaks: Uint32Array, frames: number, row: number): Promise<void> {
  const check = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const bin = peaks[i]! & (2 ** BIN_BITS - 1)
      if (bin >= BINS || peaks[i]! >>> BIN_BITS >= frames || (i > 0 && peaks[i]! <= peaks[i - 1]!))
        throw corrupt(`a peak of row ${row} is out of its place`)
    }
  }
  await inSlices(peaks.length, STEP, check)
}

async function readSegment(bytes: Uint8Array, end: number): Promise<Segment> {
  if (bytes.length < 8) throw corrupt('a segment is cut')
  const head = numbersOf(bytes.subarray(0, 8), 'a segment')
  const [bucketBits, size] = [head[0]!, head[1]!]
  if (!isBucketBits(bucketBits)) throw corrupt(`a segment has 2^${bucketBits} buckets`)
  const width = isByteWide(bucketBits) ? 1 : 2
  const bucketBytes = 4 * (2 ** bucketBits + 1)
  if (bytes.length !== 8 + bucketBytes + size * (4 + width)) throw corrupt('a segment has another length than it says')
  const buckets = numbersOf(bytes.subarray(8, 8 + bucketBytes), 'a segment')
  const positions = numbersOf(bytes.subarray(8 + bucketBytes, 8 + bucketBytes + 4 * size), 'a segment')
  const tail = bytes.subarray(8 + bucketBytes + 4 * size)
  const even = width === 1 || tail.byteOffset % 2 === 0 ? tail : tail.slice()
  const rest = width === 1 ? tail : new Uint16Array(even.buffer, even.byteOffset, size)
  if (buckets[0] !== 0 || buckets[buckets.length - 1] !== size) throw corrupt('the buckets of a segment do not fit it')
  await inSlices(buckets.length - 1, STEP, (from, to) => {
    for (let b = from; b < to; b++) if (buckets[b]! > buckets[b + 1]!) throw corrupt(`bucket ${b} of a segment ends before it begins`)
  })
  await inSlices(size, STEP, (from, to) => {
    for (let i = from; i < to; i++) if (positions[i]! >= end) throw corrupt(`posting ${i} of a segment lies behind the last recording`)
  })
  return { bucketBits, buckets, rest, positions }
}

function corrupt(what: string): CbirError {
  return new CbirError('CORRUPT_DATA', `The saved fingerprints are damaged: ${what}. Restore them from a copy, or add the recordings again.`)
}
