// Every entry of librosa's golden set: the numbers of librosa 0.11, within their natural tolerance.

import { describe, expect, it } from 'vitest'
import { type GoldenEntry, readFloats, readGoldenSet, toleranceOf } from '../../../tooling/librosa-golden.ts'
import { hasTestData } from '../../../tooling/test-data.ts'
import { answer, discreteStep, ELSEWHERE, lagsApart } from './golden/golden-calls.ts'

describe.skipIf(!hasTestData)('librosa’s golden set', () => {
  const { entries, signals } = hasTestData ? readGoldenSet() : { entries: [], signals: {} }
  const samples = Object.fromEntries(Object.entries(signals).map(([name, { file }]) => [name, readFloats(...file.split('/'))]))

  it('has every kind of entry', () => {
    expect(entries.length).toBe(212)
    expect(entries.filter(({ fn }) => ELSEWHERE.has(fn)).length).toBe(24)
  })

  for (const entry of entries.filter(({ fn }) => !ELSEWHERE.has(fn))) {
    it(`${entry.signal}: ${entry.name}`, async ({ task }) => {
      const sampleRate = signals[entry.signal]?.sr ?? 22050
      const given = await answer(entry, samples[entry.signal] ?? new Float32Array(0), sampleRate)
      const ratio = errorOf(entry, picked(entry, given.data, given.columns), readFloats(...entry.file.split('/')), sampleRate)
      // The benchmark reads it from the report.
      Object.assign(task.meta, { golden: { fn: entry.fn, ratio } })
      expect(ratio, 'largest difference, in units of what is allowed').toBeLessThanOrEqual(1)
    })
  }
})

/** The kept columns of an answer. */
function picked(entry: GoldenEntry, data: ArrayLike<number>, columns: number | undefined): ArrayLike<number> {
  const { frames } = entry
  if (!frames || columns === undefined) return data
  const width = entry.dtype === 'complex64' ? 2 : 1
  const out: number[] = []
  for (let row = 0; row < entry.shape[0]!; row++) {
    for (const t of frames) for (let i = 0; i < width; i++) out.push(data[width * (row * columns + t) + i]!)
  }
  return out
}

/** The largest difference, in units of what is allowed. */
function errorOf(entry: GoldenEntry, got: ArrayLike<number>, expected: Float32Array, sampleRate: number): number {
  expect(got.length, 'how many numbers').toBe(expected.length)
  if (entry.fn === 'librosa.feature.tempo') return lagsApart(got[0]!, expected[0]!, sampleRate)
  const allowed = discreteStep(entry, sampleRate) ?? toleranceOf(entry)
  let worst = 0
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(got[i]! - expected[i]!) / allowed
    // A NaN is no answer.
    if (!(error <= worst)) worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error
  }
  return worst
}
