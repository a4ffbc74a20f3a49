// Landmarks: pairs of peaks that lie near each other (Wang, "An industrial-strength audio search algorithm", 2003). Where they lie in pitch and how
// far apart they are is a number that is the same wherever in the recording, and however loud.

import { inSlices } from '@cbir/core/define'
import { type Peaks, thinned } from './peak-picker.ts'
import { BINS, FAN_OUT, FRAMES_A_SECOND, LEAST_FRAMES, MOST_BINS, MOST_FRAMES } from './working-format.ts'

/** Bits of a landmark's number, which tells the first peak's bin, the way to the second's, and the frames between. */
export const LANDMARK_BITS = 23
const WAYS = 2 * MOST_BINS + 1
const GAPS = MOST_FRAMES - LEAST_FRAMES + 1
const HALF_SECOND: number = Math.round(FRAMES_A_SECOND / 2)

/** What a sound is known by. */
export interface Fingerprint {
  /** Below 2^23 each. */
  readonly numbers: Uint32Array
  /** The frame of each landmark's first peak; ascending. */
  readonly frames: Uint32Array
  /** The peaks themselves, by frame and then bin: frame · 512 + bin. */
  readonly peaks: Uint32Array
  /** Frames of the sound. */
  readonly frameCount: number
}

/** Bits of a peak that tell its bin. */
export const BIN_BITS = 9

if (BINS * WAYS * GAPS > 2 ** LANDMARK_BITS) throw new RangeError('Landmarks do not fit their bits.')

/** The landmarks of the `most` largest peaks a second. */
export async function landmarksOf(peaks: Peaks, most: number, frameCount: number, signal?: AbortSignal): Promise<Fingerprint> {
  const kept: number[] = []
  await inSlices(peaks.frames.length, 256, (from, to) => thinned(peaks, most, HALF_SECOND, frameCount, from, to, kept), signal)
  const numbers = new Uint32Array(kept.length * FAN_OUT)
  const frames = new Uint32Array(kept.length * FAN_OUT)
  let count = 0
  let first = 0
  const pair = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const frame = peaks.frames[kept[i]!]!
      const bin = peaks.bins[kept[i]!]!
      while (first < kept.length && peaks.frames[kept[first]!]! < frame + LEAST_FRAMES) first++
      let pairs = 0
      for (let j = first; j < kept.length && pairs < FAN_OUT; j++) {
        const gap = peaks.frames[kept[j]!]! - frame
        if (gap > MOST_FRAMES) break
        const way = peaks.bins[kept[j]!]! - bin
        if (Math.abs(way) > MOST_BINS) continue
        numbers[count] = (bin * WAYS + way + MOST_BINS) * GAPS + gap - LEAST_FRAMES
        frames[count++] = frame
        pairs++
      }
    }
  }
  await inSlices(kept.length, 256, pair, signal)
  const packed = Uint32Array.from(kept, (i) => peaks.frames[i]! * 2 ** BIN_BITS + peaks.bins[i]!)
  return { numbers: numbers.slice(0, count), frames: frames.slice(0, count), peaks: packed, frameCount }
}
