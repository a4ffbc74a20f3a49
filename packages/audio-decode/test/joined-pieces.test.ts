// Pieces put together: the same samples, whatever the header declared and however they are cut.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JoinedPieces } from '../src/sound-loader/joined-pieces.ts'

async function together(declared: number | undefined, pieces: readonly Float32Array[]): Promise<Float32Array> {
  const joined = new JoinedPieces(declared)
  for (const piece of pieces) joined.add(piece)
  const samples = (await joined.samples()).slice()
  joined.release()
  return samples
}

const numbered = (lengths: readonly number[]): Float32Array[] => {
  let next = 0
  return lengths.map((length) => Float32Array.from({ length }, () => next++))
}

test('all samples in their order', async () => {
  const declared = fc.option(fc.nat(200_000), { nil: undefined })
  await fc.assert(
    fc.asyncProperty(declared, fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 6 }), async (length, lengths) => {
      const samples = await together(length, numbered(lengths))
      expect(samples.length).toBe(lengths.reduce((sum, each) => sum + each, 0))
      expect(samples.findIndex((value, i) => value !== i)).toBe(-1)
    }),
    { numRuns: 30 },
  )
})

test('long recordings too, and those whose header lies', async () => {
  for (const declared of [undefined, 0, 1, 6_000_000, Number.MAX_SAFE_INTEGER]) {
    const samples = await together(declared, numbered([1_500_000, 2_500_000, 1, 900_000, 1_099_999]))
    expect(samples.length).toBe(6_000_000)
    expect(samples.findIndex((value, i) => value !== i)).toBe(-1)
  }
})

test('a piece that is alone is not copied', async () => {
  const piece = Float32Array.of(1, 2, 3)
  const joined = new JoinedPieces(3)
  joined.add(piece)
  expect(await joined.samples()).toBe(piece)
  joined.release()
})
