// Votes: every landmark that a sound and a recording share says where in the recording the sound would begin. Where many say the same, it does.

import { inSlices, TimeSlice, throwIfAborted } from '@cbir/core/define'
import type { Fingerprint } from './landmarks.ts'
import { lowerBound } from './lower-bound.ts'
import { placeOf } from './posting-segment.ts'
import type { RecordingIndex } from './recording-index.ts'
import { NO_ROW } from './timeline.ts'

/** Votes that are counted at most: those of the rarest landmarks, which say most. Keeps a match among millions of recordings bounded. */
const MOST_VOTES = 1 << 20
/** Votes of the first, coarse count that are looked at closely. */
const CLOSE_VOTES = 1 << 14
/** As many are never looked at, whatever loops of one sample a recording is made of. */
const MOST_CLOSE_VOTES = 1 << 16
/** Frames a coarse bin, in powers of two; and coarse bins, which far offsets share. */
const COARSE_BITS = 2
const COARSE_BINS = 1 << 18
/** Offsets that count as one: a frame to each side, as frames of sound and recording do not begin alike. */
const SPREAD = 2
/** Recordings whose votes are told. */
const TOLD = 8
/** Of these, how many may be the one. */
const CANDIDATES = 3
/** Places of each that are told, where it repeats itself: those that have half as many votes as its best. */
const PLACES = 4
const PLACE_SHARE = 0.5
/** Room for offsets from −2^24 on beside a recording's number. */
const OFFSETS = 2 ** 25
/** Landmarks that are looked up, and votes that are handled, between two looks at the clock. */
const LOOKED_UP = 256
const HANDLED = 1 << 14

/** A place of a recording that many votes are for. */
export interface Candidate {
  readonly row: number
  /** Votes for the offset. */
  readonly votes: number
  /** Where in the recording the sound begins, in frames. */
  readonly offset: number
  /** Frames of the sound that have voted for it: a chord that sounds alike by chance has many votes, but in few frames. */
  readonly frames: number
}

export interface Tally {
  /** The recording that most votes are for first; a few places of each. */
  readonly candidates: readonly Candidate[]
  /** Votes that a recording gets by chance: the mean of the third to the eighth. */
  readonly chance: number
}

/** Counts the votes of a sound's landmarks. */
export async function tally(index: RecordingIndex, sound: Fingerprint, signal?: AbortSignal): Promise<Tally> {
  const { offsets, positions } = await collect(index, sound, signal)
  const close = await closeVotes(offsets, signal)
  const { timeline } = index
  const keys = new Float64Array(close.length)
  const frames = new Uint32Array(close.length)
  const key = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const vote = close[i]!
      const entry = timeline.entryAt(positions[vote]!)
      // Frames of a sound may count from before a recording's begin; the difference is known modulo 2^32.
      const offset = entry < 0 ? OFFSETS : (offsets[vote]! - timeline.starts[entry]!) | 0
      const counts = Math.abs(offset) < OFFSETS / 2 && timeline.rows[entry] !== NO_ROW
      keys[i] = counts ? entry * OFFSETS + offset + OFFSETS / 2 : -1
      frames[i] = (positions[vote]! - offsets[vote]!) >>> 0
    }
  }
  await inSlices(close.length, 2048, key, signal)
  const sorted = keys.slice().sort()
  const best = windowsOf(sorted)
  const rivals = best.slice(2)
  const places = best.slice(0, CANDIDATES).flatMap((window) => placesOf(sorted, window))
  return {
    candidates: places.map(({ first, last, votes }) => {
      const entry = Math.floor(first / OFFSETS)
      let sum = 0
      const voters = new Set<number>()
      for (let i = 0; i < keys.length; i++) {
        if (keys[i]! < first || keys[i]! > last) continue
        sum += keys[i]! - entry * OFFSETS - OFFSETS / 2
        voters.add(frames[i]!)
      }
      return { row: timeline.rows[entry]!, votes, offset: sum / votes, frames: voters.size }
    }),
    chance: rivals.reduce((sum, { votes }) => sum + votes, 0) / (TOLD - 2),
  }
}

interface Votes {
  /** Where the sound would begin on the timeline, modulo 2^32. */
  readonly offsets: Uint32Array
  /** Where the landmark stands on the timeline. */
  readonly positions: Uint32Array
}

/** The votes of the rarest landmarks. */
async function collect({ segments }: RecordingIndex, { numbers, frames }: Fingerprint, signal: AbortSignal | undefined): Promise<Votes> {
  const begins = segments.map(() => new Uint32Array(numbers.length))
  const ends = segments.map(() => new Uint32Array(numbers.length))
  /** Of each landmark: how often it was seen, and its place, in one number, so that sorting finds the rarest. */
  const rarity = new Float64Array(numbers.length)
  const look = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      let seen = 0
      for (let s = 0; s < segments.length; s++) {
        const begin = placeOf(segments[s]!, numbers[i]!)
        const end = placeOf(segments[s]!, numbers[i]! + 1)
        begins[s]![i] = begin
        ends[s]![i] = end
        seen += end - begin
      }
      rarity[i] = seen * 2 ** 22 + i
    }
  }
  // 2^22 landmarks are more than two hours of sound have; of a longer one the first are asked.
  const asked = Math.min(numbers.length, 2 ** 22)
  await inSlices(asked, LOOKED_UP, look, signal)
  const order = await rarestFirst(rarity.subarray(0, asked), signal)
  let total = 0
  let taken = 0
  for (; taken < asked; taken++) {
    const seen = Math.floor(order[taken]! / 2 ** 22)
    if (total + seen > MOST_VOTES && total > 0) break
    total += seen
  }
  const offsets = new Uint32Array(total)
  const positions = new Uint32Array(total)
  let count = 0
  const slice = new TimeSlice()
  let handled = 0
  for (let j = 0; j < taken; j++) {
    const i = order[j]! % 2 ** 22
    const frame = frames[i]!
    for (let s = 0; s < segments.length; s++) {
      const seenAt = segments[s]!.positions
      const end = ends[s]![i]!
      for (let p = begins[s]![i]!; p < end; p++) {
        positions[count] = seenAt[p]!
        offsets[count++] = seenAt[p]! - frame
      }
    }
    if (count - handled < HANDLED) continue
    handled = count
    if (slice.due()) await slice.pause()
    throwIfAborted(signal)
  }
  return { offsets, positions }
}

/** Sorted in pieces, which are merged: a long sound has millions. */
async function rarestFirst(values: Float64Array, signal: AbortSignal | undefined): Promise<Float64Array> {
  let runs: Float64Array[] = []
  for (let from = 0; from < values.length; from += HANDLED) runs.push(values.subarray(from, from + HANDLED))
  await inSlices(runs.length, 1, (from) => void runs[from]!.sort(), signal)
  while (runs.length > 1) {
    const next: Float64Array[] = []
    for (let i = 0; i < runs.length; i += 2) next.push(runs[i + 1] ? await merged(runs[i]!, runs[i + 1]!, signal) : runs[i]!)
    runs = next
  }
  return runs[0] ?? values
}

async function merged(a: Float64Array, b: Float64Array, signal: AbortSignal | undefined): Promise<Float64Array> {
  const out = new Float64Array(a.length + b.length)
  let i = 0
  let j = 0
  const step = (from: number, to: number): void => {
    for (let n = from; n < to; n++) out[n] = j >= b.length || (i < a.length && a[i]! <= b[j]!) ? a[i++]! : b[j++]!
  }
  await inSlices(out.length, HANDLED, step, signal)
  return out
}

/** The votes in coarse bins that got many, at most about CLOSE_VOTES of them. */
async function closeVotes(offsets: Uint32Array, signal: AbortSignal | undefined): Promise<Uint32Array> {
  if (offsets.length <= CLOSE_VOTES) return Uint32Array.from(offsets, (_, i) => i)
  const mask = COARSE_BINS - 1
  const bins = new Uint32Array(COARSE_BINS)
  const count = (from: number, to: number): void => {
    for (let i = from; i < to; i++) bins[(offsets[i]! >>> COARSE_BITS) & mask]!++
  }
  await inSlices(offsets.length, HANDLED, count, signal)
  // How many votes lie in bins that have, with a neighbour, so many or more.
  const held = new Float64Array(2 ** 12)
  const scores = new Uint16Array(COARSE_BINS)
  const score = (from: number, to: number): void => {
    for (let b = from; b < to; b++) {
      const beside = Math.max(bins[(b - 1) & mask]!, bins[(b + 1) & mask]!)
      scores[b] = Math.min(held.length - 1, bins[b]! + beside)
      held[scores[b]!]! += bins[b]!
    }
  }
  await inSlices(COARSE_BINS, HANDLED, score, signal)
  let least = held.length - 1
  for (let sum = held[least]!; least > 1 && sum + held[least - 1]! <= CLOSE_VOTES; sum += held[least]!) least--
  const close: number[] = []
  const select = (from: number, to: number): void => {
    for (let i = from; i < to && close.length < MOST_CLOSE_VOTES; i++) if (scores[(offsets[i]! >>> COARSE_BITS) & mask]! >= least) close.push(i)
  }
  await inSlices(offsets.length, HANDLED, select, signal)
  return Uint32Array.from(close)
}

/** Votes for one recording and offset, and those beside it: keys from `first` to `last`. */
interface Window {
  readonly votes: number
  readonly first: number
  readonly last: number
}

/** Of each recording the offset, with its neighbours, that has most votes; of those the best. `keys`: recording and offset, ascending. */
function windowsOf(keys: Float64Array): Window[] {
  const best: Window[] = []
  let i = 0
  while (i < keys.length && keys[i]! < 0) i++
  let from = i
  while (i < keys.length) {
    const entry = Math.floor(keys[i]! / OFFSETS)
    let own: Window = { votes: 0, first: 0, last: 0 }
    for (; i < keys.length && keys[i]! < (entry + 1) * OFFSETS; i++) {
      while (keys[from]! < Math.max(keys[i]! - SPREAD, entry * OFFSETS)) from++
      if (i - from + 1 > own.votes) own = { votes: i - from + 1, first: keys[from]!, last: keys[i]! }
    }
    if (best.length === TOLD && own.votes <= best[TOLD - 1]!.votes) continue
    best.push(own)
    best.sort((a, b) => b.votes - a.votes)
    best.length = Math.min(TOLD, best.length)
  }
  return best
}

/** The best places of the recording whose best place this is. What is played again and again has several, and votes alone do not tell them apart. */
function placesOf(keys: Float64Array, best: Window): Window[] {
  const entry = Math.floor(best.first / OFFSETS)
  const begin = lowerBound(keys, entry * OFFSETS)
  const end = lowerBound(keys, (entry + 1) * OFFSETS)
  const places = [best]
  while (places.length < PLACES) {
    let next: Window | undefined
    let from = begin
    for (let i = begin; i < end; i++) {
      while (keys[from]! < keys[i]! - SPREAD) from++
      const votes = i - from + 1
      if (votes < Math.max(PLACE_SHARE * best.votes, (next?.votes ?? 0) + 1)) continue
      const apart = places.every(({ first, last }) => keys[i]! < first - SPREAD || keys[from]! > last + SPREAD)
      if (apart) next = { votes, first: keys[from]!, last: keys[i]! }
    }
    if (!next) break
    places.push(next)
  }
  return places
}
