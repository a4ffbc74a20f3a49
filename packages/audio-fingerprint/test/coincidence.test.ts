// What coincides by chance and what does not, told from peaks without sound.

import { expect, test } from 'vitest'
import { coincidence } from '../src/coincidence.ts'
import { randomFrom } from './support/random.ts'

const FRAMES = 1300
const CUT = 215

/** Peaks in order, once each. */
const peaksOf = (points: readonly (readonly [frame: number, bin: number])[]): Uint32Array =>
  new Uint32Array([...new Set(points.map(([frame, bin]) => frame * 512 + bin))]).sort()

/** Voices that hold a pitch for four seconds each, with a peak every few frames. */
function heldVoices(seed: number, frames: number): Uint32Array {
  const random = randomFrom(seed)
  const points: [number, number][] = []
  for (let from = 0; from < frames; from += 172) {
    for (let voice = 0; voice < 6; voice++) {
      // The same six pitches in every piece: what differs is when they swell.
      const bin = 40 + 35 * ((voice + from / 172) % 6)
      for (let frame = from + Math.floor(12 * random()); frame < Math.min(frames, from + 172); frame += 8 + Math.floor(10 * random()))
        points.push([frame, bin])
    }
  }
  return peaksOf(points)
}

const cut = (peaks: Uint32Array, at: number): Uint32Array =>
  peaks.filter((peak) => peak >= at * 512 && peak < (at + CUT) * 512).map((peak) => peak - at * 512)

test('the place of a cut is told from any other by far', async () => {
  for (const seed of [1, 2, 3]) {
    const recording = heldVoices(seed, FRAMES)
    const at = 300 + 10 * seed
    const there = await coincidence(cut(recording, at), recording, at, CUT, FRAMES)
    expect(there.met).toBe(cut(recording, at).length)
    expect(there.met - there.expected).toBeGreaterThan(4 * Math.sqrt(there.expected))
    expect(there.overlap).toBe(CUT)
  }
})

test('voices that hold the same pitch in another recording meet no more than they do a little beside', async () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const recording = heldVoices(seed, FRAMES)
    const other = cut(heldVoices(seed + 50, FRAMES), 172)
    const { met, expected } = await coincidence(other, recording, 172, CUT, FRAMES)
    expect(met).toBeGreaterThan(10)
    expect(met - expected).toBeLessThan(2 * Math.sqrt(expected))
  }
})

test('what lies beside the recording meets nothing', async () => {
  const recording = heldVoices(1, FRAMES)
  for (const at of [-5000, -CUT, FRAMES, 9000]) {
    const { met, overlap } = await coincidence(cut(recording, 0), recording, at, CUT, FRAMES)
    expect([met, overlap]).toEqual([0, 0])
  }
})
