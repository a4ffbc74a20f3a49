// Votes: a recording that repeats itself has several places, and all of them are told.

import { expect, test } from 'vitest'
import { tally } from '../src/offset-vote.ts'
import { RecordingIndex } from '../src/recording-index.ts'
import { fingerprintOf } from './support/sounds.ts'

test('each place where a section is played is told, also the one with fewer votes', async () => {
  const section = fingerprintOf(1, 300)
  const count = section.frames.length
  const places = [0, 3000, 7000]
  const played = places.flatMap((place, p) => {
    // The second time something else is louder now and then.
    const kept = Array.from({ length: count }, (_, i) => i).filter((i) => p !== 1 || i % 4 !== 0)
    return kept.map((i) => ({ number: section.numbers[i]!, frame: section.frames[i]! + place }))
  })
  const index = new RecordingIndex()
  await index.add(0, fingerprintOf(2, 400))
  await index.add(1, {
    numbers: Uint32Array.from(played, ({ number }) => number),
    frames: Uint32Array.from(played, ({ frame }) => frame),
    peaks: new Uint32Array(0),
    frameCount: 9000,
  })
  const { candidates } = await tally(index, section)
  const found = candidates.filter(({ row }) => row === 1)
  expect(found.map(({ offset }) => Math.round(offset)).sort((a, b) => a - b)).toEqual(places)
  expect(found.find(({ offset }) => Math.round(offset) === 3000)!.votes).toBe(count - Math.ceil(count / 4))
})

test('places that overlap are one', async () => {
  const section = fingerprintOf(3, 300)
  const index = new RecordingIndex()
  await index.add(0, section)
  const { candidates } = await tally(index, section)
  expect(candidates.map(({ row, offset }) => [row, Math.round(offset)])).toEqual([[0, 0]])
})
