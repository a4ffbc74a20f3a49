// PeakPicker: the points of a spectrogram that are the largest around, frame by frame. The order of magnitudes decides, so power does for decibels.

import { lowerBound } from './lower-bound.ts'
import { BINS, LOWEST_BIN, PEAK_BINS, PEAK_FRAMES } from './working-format.ts'

/** Rows that are held: a frame, those before it and those after it. */
const ROWS = 2 * PEAK_FRAMES + 1
/** A point this far below the loudest around is no peak (−70 dB), nor is one that is silence in 24 bits. */
const QUIETEST = 1e-7
const SILENCE = 1e-11

/** Points of a spectrogram in the order of time. */
export interface Peaks {
  readonly frames: readonly number[]
  /** Counted from LOWEST_BIN. */
  readonly bins: readonly number[]
  readonly powers: readonly number[]
}

export class PeakPicker implements Peaks {
  readonly frames: number[] = []
  readonly bins: number[] = []
  readonly powers: number[] = []
  private readonly power = new Float32Array(ROWS * BINS)
  /** The largest power of the bins around. */
  private readonly widest = new Float32Array(ROWS * BINS)
  private readonly loudest = new Float32Array(ROWS)
  /** Bins that are the largest of those around, for each row: [count, bin, …]. */
  private readonly candidates = new Int32Array(ROWS * (BINS + 1))
  private readonly queue = new Int32Array(BINS)
  private count = 0

  /** Frames that were put in. */
  get frameCount(): number {
    return this.count
  }

  /** Takes frames of power, each of `stride` bins, of which the first is 0 Hz. */
  push(spectrogram: Float32Array, from: number, to: number, stride: number): void {
    for (let frame = from; frame < to; frame++) {
      this.take(spectrogram, frame * stride + LOWEST_BIN)
      this.count++
      this.look(this.count - 1 - PEAK_FRAMES, this.count)
    }
  }

  /** Looks at the last frames, which have fewer behind them. */
  end(): void {
    for (let frame = Math.max(0, this.count - PEAK_FRAMES); frame < this.count; frame++) this.look(frame, this.count)
  }

  /** A frame's powers, and the largest of the bins around each. */
  private take(spectrogram: Float32Array, at: number): void {
    const row = this.count % ROWS
    const { power, widest, candidates, queue } = this
    const own = row * BINS
    power.set(spectrogram.subarray(at, at + BINS), own)
    const list = row * (BINS + 1)
    let found = 0
    let head = 0
    let tail = 0
    let loudest = 0
    for (let bin = 0; bin < BINS + PEAK_BINS; bin++) {
      if (bin < BINS) {
        const value = power[own + bin]!
        if (value > loudest) loudest = value
        while (tail > head && power[own + queue[tail - 1]!]! <= value) tail--
        queue[tail++] = bin
      }
      const centre = bin - PEAK_BINS
      if (centre < 0) continue
      while (queue[head]! < centre - PEAK_BINS) head++
      const largest = power[own + queue[head]!]!
      widest[own + centre] = largest
      if (power[own + centre] === largest) candidates[list + ++found] = centre
    }
    candidates[list] = found
    this.loudest[row] = loudest
  }

  /** Finds the peaks of a frame among those before `until`. */
  private look(frame: number, until: number): void {
    if (frame < 0) return
    const { power, widest, candidates } = this
    const row = frame % ROWS
    const first = Math.max(0, frame - PEAK_FRAMES)
    const last = Math.min(until - 1, frame + PEAK_FRAMES)
    let loudest = 0
    for (let other = first; other <= last; other++) loudest = Math.max(loudest, this.loudest[other % ROWS]!)
    const least = Math.max(SILENCE, loudest * QUIETEST)
    const list = row * (BINS + 1)
    for (let i = 1; i <= candidates[list]!; i++) {
      const bin = candidates[list + i]!
      const value = power[row * BINS + bin]!
      if (value < least) continue
      let largest = true
      for (let other = first; other <= last && largest; other++) largest = widest[(other % ROWS) * BINS + bin]! <= value
      if (!largest) continue
      this.frames.push(frame)
      this.bins.push(bin)
      this.powers.push(value)
    }
  }
}

/**
 * Of each second's peaks the `most` largest: a peak stays if fewer are larger within half a second around. Of equal ones, as all bins of a click are, the
 * earlier counts as larger: else all would stay.
 */
export function thinned(
  peaks: Peaks,
  most: number,
  half: number,
  frameCount: number,
  from: number,
  to: number,
  into: { push(i: number): void },
): void {
  const { frames, powers } = peaks
  let first = lowerBound(frames, (frames[from] ?? 0) - half)
  for (let i = from; i < to; i++) {
    const frame = frames[i]!
    while (frames[first]! < frame - half) first++
    const span = Math.min(frameCount - 1, frame + half) - Math.max(0, frame - half) + 1
    const allowed = (most * span) / (2 * half + 1)
    let larger = 0
    const power = powers[i]!
    for (let j = first; j < frames.length && frames[j]! <= frame + half && larger < allowed; j++) {
      if (powers[j]! > power || (j < i && powers[j] === power)) larger++
    }
    if (larger < allowed) into.push(i)
  }
}
