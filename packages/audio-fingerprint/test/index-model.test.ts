// The index against a model: any sequence of additions, removals and savings holds exactly the postings of what is there.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { directoryContainer } from '@cbir/core/node'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Fingerprint } from '../src/landmarks.ts'
import { placeOf } from '../src/posting-segment.ts'
import { readRecordings, writeRecordings } from '../src/recording-files.ts'
import { RecordingIndex } from '../src/recording-index.ts'
import { fingerprintOf } from './support/sounds.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'audio-fingerprint-'))
})
afterAll(() => rm(directory, { recursive: true }))

type Step = { readonly add: number; readonly row: number } | { readonly remove: number } | { readonly save: true } | { readonly compact: true }

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ add: fc.integer({ min: 0, max: 900 }), row: fc.integer({ min: 0, max: 12 }) }) },
    { weight: 2, arbitrary: fc.record({ remove: fc.integer({ min: 0, max: 12 }) }) },
    { weight: 1, arbitrary: fc.constant<Step>({ save: true }) },
    { weight: 1, arbitrary: fc.constant<Step>({ compact: true }) },
  ),
  { maxLength: 25 },
)

/** Row, frame and number of every posting that is there, in order. */
function postingsOf(index: RecordingIndex, numbers: Iterable<number>): string[] {
  const found: string[] = []
  for (const number of new Set(numbers)) {
    for (const segment of index.segments) {
      for (let p = placeOf(segment, number); p < placeOf(segment, number + 1); p++) {
        const position = segment.positions[p]!
        if (!index.timeline.isLive(position)) continue
        const entry = index.timeline.entryAt(position)
        found.push(`${index.timeline.rows[entry]} ${position - index.timeline.starts[entry]!} ${number}`)
      }
    }
  }
  return found.sort()
}

async function reopened(index: RecordingIndex, rows: readonly number[]): Promise<RecordingIndex> {
  await directoryContainer.write(directory, { type: 'test', formatVersion: 1 }, (writer) => writeRecordings(index, writer))
  const opened = (await directoryContainer.open(directory))!
  const bits = new Uint8Array(8)
  for (const row of rows) bits[row >> 3]! |= 1 << (row & 7)
  const read = await readRecordings(opened, { bits, count: rows.length }, {})
  await opened.close()
  return read
}

test('every posting is there once, in its place, and none of what was removed', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      let index = new RecordingIndex()
      const model = new Map<number, Fingerprint>()
      for (const step of sequence) {
        if ('add' in step && !model.has(step.row)) {
          const print = fingerprintOf(step.add, step.add)
          await index.add(step.row, print)
          model.set(step.row, print)
        } else if ('remove' in step && model.delete(step.remove)) await index.remove(Uint32Array.of(step.remove))
        else if ('save' in step) index = await reopened(index, [...model.keys()])
        else if ('compact' in step) await index.compact()
      }
      const wanted = [...model].flatMap(([row, { numbers, frames }]) => Array.from(numbers, (number, i) => `${row} ${frames[i]} ${number}`))
      expect(
        postingsOf(
          index,
          [...model.values()].flatMap(({ numbers }) => [...numbers]),
        ),
      ).toEqual(wanted.sort())
      expect([...index.peaks.keys()].sort((a, b) => a - b)).toEqual([...model.keys()].sort((a, b) => a - b))
      for (const [row, { peaks, frameCount }] of model) {
        expect(index.peaks.get(row)).toEqual(peaks)
        expect(index.timeline.framesOf(row)).toBe(frameCount)
      }
    }),
    { numRuns: 40 },
  )
})

test('what was removed is cleared away', async () => {
  const index = new RecordingIndex()
  for (let row = 0; row < 20; row++) await index.add(row, fingerprintOf(row, 500))
  await index.remove(Uint32Array.from({ length: 19 }, (_, i) => i))
  expect(index.postings).toBe(500)
  expect(index.timeline.end).toBeLessThan(1200)
})
