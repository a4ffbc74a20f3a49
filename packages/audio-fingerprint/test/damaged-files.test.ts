// Files that pass their checksums and hold nonsense all the same: whoever writes such a thing gets CORRUPT_DATA, and never a wrong reach.

import type { OpenContainer } from '@cbir/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tally } from '../src/offset-vote.ts'
import { readRecordings, writeRecordings } from '../src/recording-files.ts'
import { RecordingIndex } from '../src/recording-index.ts'
import { fingerprintOf } from './support/sounds.ts'

const ROWS = [0, 1, 2]

async function written(): Promise<Map<string, Uint8Array>> {
  const index = new RecordingIndex()
  for (const row of ROWS) await index.add(row, fingerprintOf(row, 400))
  const files = new Map<string, Uint8Array>()
  await writeRecordings(index, {
    async write(name, chunks) {
      const parts: Uint8Array[] = []
      for await (const chunk of chunks) parts.push(chunk.slice())
      files.set(name, new Uint8Array(Buffer.concat(parts)))
    },
    path: (name) => name,
  })
  return files
}

function open(files: ReadonlyMap<string, Uint8Array>): Promise<RecordingIndex> {
  const container = {
    header: { type: 'test', formatVersion: 1 },
    generation: 1,
    files: [...files].map(([name, { length }]) => ({ name, size: length })),
    read: async (name: string) => files.get(name)!,
  } as unknown as OpenContainer
  return readRecordings(container, { bits: Uint8Array.of(0b111), count: ROWS.length }, {})
}

test('what was written is read', async () => {
  const index = await open(await written())
  expect(index.postings).toBe(1200)
})

test('rows that are not there, or there twice, are CORRUPT_DATA', async () => {
  for (const row of [1, 3, 0xfffffffe]) {
    const files = await written()
    new DataView(files.get('timeline')!.buffer, files.get('timeline')!.byteOffset).setUint32(0, row, true)
    await expect(open(files)).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
  }
})

test('any change gives CORRUPT_DATA or an index that can be asked', async () => {
  const whole = await written()
  const names = [...whole.keys()]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 255 }),
      fc.boolean(),
      async (name, at, byte, cut) => {
        const files = new Map(whole)
        const bytes = whole.get(name)!.slice()
        const place = Math.min(bytes.length - 1, Math.floor(at * bytes.length))
        bytes[place] = byte
        files.set(name, cut ? bytes.slice(0, place) : bytes)
        let index: RecordingIndex
        try {
          index = await open(files)
        } catch (error) {
          expect(error).toMatchObject({ code: 'CORRUPT_DATA' })
          return
        }
        const { candidates } = await tally(index, fingerprintOf(1, 400))
        for (const { row } of candidates) expect(ROWS).toContain(row)
      },
    ),
    { numRuns: 150 },
  )
})
