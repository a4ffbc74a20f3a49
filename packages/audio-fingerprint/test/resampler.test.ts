// The resampler: tones keep their shape and place, what lies above the new rate goes, and chunks make no difference.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Resampler } from '../src/resampler.ts'
import { SAMPLE_RATE } from '../src/working-format.ts'

const tone = (frequency: number, rate: number, seconds: number): Float32Array =>
  Float32Array.from({ length: Math.round(rate * seconds) }, (_, n) => Math.sin((2 * Math.PI * frequency * n) / rate))

function resampled(samples: Float32Array, rate: number, cuts: readonly number[] = []): Float32Array {
  const resampler = new Resampler(rate)
  const parts: Float32Array[] = []
  let from = 0
  for (const length of [...cuts, samples.length]) {
    parts.push(resampler.push(samples.subarray(from, from + length)))
    from = Math.min(samples.length, from + length)
  }
  parts.push(resampler.end())
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

test.each([4000, 8000, 16_000, 22_050, 44_100, 48_000, 192_000])('a tone of 1 kHz at %i Hz', (rate) => {
  const got = resampled(tone(1000, rate, 1), rate)
  expect(Math.abs(got.length / SAMPLE_RATE - 1)).toBeLessThan(1.1 * Math.max(1 / rate, 1 / SAMPLE_RATE))
  const wanted = tone(1000, SAMPLE_RATE, 1)
  for (let n = 500; n < SAMPLE_RATE - 500; n++) expect(Math.abs(got[n]! - wanted[n]!)).toBeLessThan(0.01)
})

test.each([22_050, 48_000])('what lies above 5.5 kHz goes, at %i Hz', (rate) => {
  const got = resampled(tone(8000, rate, 1), rate)
  expect(Math.max(...got.subarray(500, got.length - 500).map(Math.abs))).toBeLessThan(0.003)
})

test('the working rate is left as it is', () => {
  const samples = tone(440, SAMPLE_RATE, 0.1)
  expect(resampled(samples, SAMPLE_RATE, [10, 500])).toEqual(samples)
})

test('however it is cut', () => {
  fc.assert(
    fc.property(fc.constantFrom(8000, 44_100, 47_999.5), fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 12 }), (rate, cuts) => {
      const samples = tone(700, rate, 0.1)
      expect(resampled(samples, rate, cuts)).toEqual(resampled(samples, rate))
    }),
    { numRuns: 40 },
  )
})
