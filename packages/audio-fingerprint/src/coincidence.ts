// Coincidence: how many peaks of a sound stand where a recording has one, and how many would by chance.

import { inSlices } from '@cbir/core/define'
import { BIN_BITS } from './landmarks.ts'
import { BINS, FRAMES_A_SECOND } from './working-format.ts'

const BIN = 2 ** BIN_BITS - 1
/** A peak is met by one that is no more than so many frames and bins away. Peaks of one sound are further apart than these boxes are wide. */
const REACH = 1
const BOX = 2 * REACH + 1
/** Chance is told from what the recording has around the place, so far to both sides. */
const AROUND: number = Math.round(12.5 * FRAMES_A_SECOND)
/** How far the peaks of a moment follow the recording's own density there. */
const MOMENT = 0.7
/** Peaks that are handled between two looks at the clock. */
const STEP = 4096
const LEAST_CHANCE = 0.004
const MOST_CHANCE = 0.9

export interface Coincidence {
  /** Peaks of the sound that are met. */
  readonly met: number
  /** Peaks that would be met by chance. */
  readonly expected: number
  /** Frames in which the sound lies over the recording. */
  readonly overlap: number
}

/**
 * Lays the peaks of a sound over those of a recording, `offset` frames from its begin. How likely a peak is met by chance depends on its bin, as
 * music of one key has its peaks in the same ones, and on the moment, as a beat has many at once.
 */
export async function coincidence(
  sound: Uint32Array,
  recording: Uint32Array,
  offset: number,
  soundFrames: number,
  recordingFrames: number,
  signal?: AbortSignal,
): Promise<Coincidence> {
  const at = Math.round(offset)
  const begin = Math.max(0, at - AROUND)
  const end = Math.min(recordingFrames, at + soundFrames + AROUND)
  const frames = end - begin
  const overlap = Math.max(0, Math.min(recordingFrames, at + soundFrames) - Math.max(0, at))
  if (frames <= 0) return { met: 0, expected: 0, overlap }
  const first = placeOf(recording, begin)
  const last = placeOf(recording, end)
  const ofBin = new Float64Array(BINS + 2 * REACH)
  const ofFrame = new Float64Array(frames + 2 * REACH)
  const count = (from: number, to: number): void => {
    for (let i = first + from; i < first + to; i++) {
      for (let way = 0; way < BOX; way++) {
        ofBin[(recording[i]! & BIN) + way]!++
        ofFrame[(recording[i]! >>> BIN_BITS) - begin + way]!++
      }
    }
  }
  await inSlices(last - first, STEP, count, signal)
  const usual = (BOX * (last - first)) / frames
  let met = 0
  let expected = 0
  let near = first
  const meet = (from: number, to: number): void => {
    for (let k = from; k < to; k++) {
      const frame = (sound[k]! >>> BIN_BITS) + at
      const bin = sound[k]! & BIN
      if (frame < begin || frame >= end) continue
      const density = ((BOX * ofBin[bin + REACH]!) / frames) * (1 - MOMENT + (MOMENT * ofFrame[frame - begin + REACH]!) / usual)
      expected += Math.min(MOST_CHANCE, Math.max(LEAST_CHANCE, density))
      while (near < last && recording[near]! >>> BIN_BITS < frame - REACH) near++
      for (let i = near; i < last && recording[i]! >>> BIN_BITS <= frame + REACH; i++) {
        if (Math.abs((recording[i]! & BIN) - bin) > REACH) continue
        met++
        break
      }
    }
  }
  await inSlices(sound.length, STEP, meet, signal)
  return { met, expected, overlap }
}

/** The first peak at or after a frame. */
function placeOf(peaks: Uint32Array, frame: number): number {
  let low = 0
  let high = peaks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (peaks[middle]! >>> BIN_BITS < frame) low = middle + 1
    else high = middle
  }
  return low
}
