// Coincidence: how many peaks of a sound stand where a recording has one, and how many would by chance.
//
// Chance is counted in two ways, of which the larger holds: from how often the recording has peaks in each bin and moment; and by laying the sound a
// little beside its place. The second sees what the first does not: voices that hold their pitch for seconds meet whatever holds the same one, but meet it
// as well a little earlier or later, while the sound of this very recording fits in one place only.

import { inSlices } from '@cbir/core/define'
import { BIN_BITS } from './landmarks.ts'
import { lowerBound } from './lower-bound.ts'
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
/** So many frames beside its place, to both sides, a sound is laid: 0.2 to 0.7 s. Further than a peak keeps others away, and at the multiples of no beat. */
const BESIDE = [8, 10, 13, 16, 20, 25, 31].flatMap((frames) => [-frames, frames])

export interface Coincidence {
  /** Peaks of the sound that are met. */
  readonly met: number
  /** Peaks that would be met by chance; the larger of two counts. */
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
  let expected = 0
  const expect = (from: number, to: number): void => {
    for (let k = from; k < to; k++) {
      const frame = (sound[k]! >>> BIN_BITS) + at
      const bin = sound[k]! & BIN
      if (frame < begin || frame >= end) continue
      const density = ((BOX * ofBin[bin + REACH]!) / frames) * (1 - MOMENT + (MOMENT * ofFrame[frame - begin + REACH]!) / usual)
      expected += Math.min(MOST_CHANCE, Math.max(LEAST_CHANCE, density))
    }
  }
  await inSlices(sound.length, STEP, expect, signal)
  const met = await metAt(at, sound, recording, signal)
  let beside = 0
  for (const frames of BESIDE) beside += await metAt(at + frames, sound, recording, signal)
  return { met, expected: Math.max(expected, beside / BESIDE.length), overlap }
}

/** Peaks of a sound that are met by those of a recording if it begins at this frame. */
async function metAt(at: number, sound: Uint32Array, recording: Uint32Array, signal?: AbortSignal): Promise<number> {
  let near = placeOf(recording, at - REACH)
  let met = 0
  const meet = (from: number, to: number): void => {
    for (let k = from; k < to; k++) {
      const frame = (sound[k]! >>> BIN_BITS) + at
      const bin = sound[k]! & BIN
      while (near < recording.length && recording[near]! >>> BIN_BITS < frame - REACH) near++
      for (let i = near; i < recording.length && recording[i]! >>> BIN_BITS <= frame + REACH; i++) {
        if (Math.abs((recording[i]! & BIN) - bin) > REACH) continue
        met++
        break
      }
    }
  }
  await inSlices(sound.length, STEP, meet, signal)
  return met
}

/** The first peak at or after a frame. */
function placeOf(peaks: Uint32Array, frame: number): number {
  return lowerBound(peaks, frame * 2 ** BIN_BITS)
}
