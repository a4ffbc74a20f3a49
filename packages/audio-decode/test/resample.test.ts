// Resampling: librosa's numbers, what the filters promise, and streams.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type GoldenEntry, readFloats, readGoldenSet, toleranceOf } from '../../../tooling/librosa-golden.ts'
import { hasTestData } from '../../../tooling/test-data.ts'
import { createResampler, RESAMPLINGS, type Resampling, resample } from '../src/index.ts'
import { sameSamples } from './support/same.ts'
import { randomNumbers } from './support/sounds.ts'

interface Resampled extends GoldenEntry {
  readonly params: { readonly orig_sr: number; readonly target_sr: number; readonly res_type: Resampling }
  readonly full_len: number
  readonly slice: readonly [number, number]
}

describe.skipIf(!hasTestData)("librosa's numbers", () => {
  const { entries } = hasTestData ? readGoldenSet() : { entries: [] }
  const ours = entries.filter(({ fn }) => fn === 'librosa.resample') as readonly GoldenEntry[] as readonly Resampled[]
  test('there are some for each name', () => expect(new Set(ours.map(({ params }) => params.res_type))).toEqual(new Set(RESAMPLINGS)))

  for (const entry of ours) {
    const { signal, name, params, file, full_len, slice } = entry
    const { orig_sr: from, target_sr: to, res_type: method } = params
    test(`${signal} ${name}`, async ({ task }) => {
      const golden = readFloats(file)
      const made = await resample(readFloats(signal, 'signal.f32'), { from, to, method })
      expect(made.length).toBe(full_len)
      const worst = golden.reduce((most, value, i) => Math.max(most, Math.abs(value - made[slice[0] + i]!)), 0)
      // What lies above the pass band is damped by libsoxr in its own way; noise has much there, so of noise the filter is looked at, below.
      const free = method.startsWith('soxr') && signal === 'noise'
      const allowed = free ? 5e-3 : toleranceOf(entry)
      if (!free) Object.assign(task.meta, { golden: { fn: `librosa.resample ${method}`, ratio: worst / allowed } })
      expect(worst).toBeLessThanOrEqual(allowed)
    })
  }
})

const LENGTH = 1 << 13

/** The level of a frequency in dB, after a window whose side lobes are below -180 dB. */
function level(samples: Float32Array, frequency: number, rate: number): number {
  const begin = (samples.length - LENGTH) >> 1
  let re = 0
  let im = 0
  let all = 0
  for (let i = 0; i < LENGTH; i++) {
    const x = (2 * Math.PI * i) / LENGTH
    // Blackman and Harris with seven terms.
    const window =
      0.27105140069342 -
      0.43329793923448 * Math.cos(x) +
      0.218122999543 * Math.cos(2 * x) -
      0.065925446388 * Math.cos(3 * x) +
      0.010811742098 * Math.cos(4 * x) -
      0.00077658482522 * Math.cos(5 * x) +
      0.000013887217352 * Math.cos(6 * x)
    const angle = (2 * Math.PI * frequency * i) / rate
    re += window * samples[begin + i]! * Math.cos(angle)
    im += window * samples[begin + i]! * Math.sin(angle)
    all += window
  }
  return 20 * Math.log10((2 * Math.hypot(re, im)) / all)
}

function tone(frequency: number, rate: number): Float32Array {
  return Float32Array.from({ length: 2 * rate }, (_, i) => Math.cos((2 * Math.PI * frequency * i) / rate))
}

describe.each(['soxr_hq', 'soxr_vhq'] as const)('%s', (method) => {
  for (const [from, to] of [
    [22050, 16000],
    [44100, 22050],
    [16000, 22050],
    [48000, 44100],
  ] as const) {
    test(`${from} to ${to} Hz: flat to .9 of Nyquist, images and aliases below -100 dB`, async ({ task }) => {
      const nyquist = Math.min(from, to) / 2
      let ripple = 0
      let images = Number.NEGATIVE_INFINITY
      for (const share of [0.02, 0.31, 0.6, 0.8, 0.9]) {
        const made = await resample(tone(share * nyquist, from), { from, to, method })
        ripple = Math.max(ripple, Math.abs(level(made, share * nyquist, to)))
        // The images that a rise makes lie beyond the old Nyquist frequency.
        if (to > from && from - share * nyquist < to / 2) images = Math.max(images, level(made, from - share * nyquist, to))
      }
      for (const beyond of to > from ? [] : [1.001, 1.1, 1.3]) {
        const frequency = beyond * nyquist
        if (frequency >= from / 2) continue
        const made = await resample(tone(frequency, from), { from, to, method })
        images = Math.max(images, level(made, to - frequency, to))
      }
      Object.assign(task.meta, { resampling: { method, ripple, images } })
      expect(ripple).toBeLessThan(0.01)
      expect(images).toBeLessThan(-100)
    })
  }

  test('a chain of many phases is as good', async () => {
    const [from, to] = [16000, 15989]
    const made = await resample(tone(3000, from), { from, to, method })
    expect(Math.abs(level(made, 3000, to))).toBeLessThan(0.01)
    const expected = tone(3000, to)
    const worst = made.subarray(2000, 20000).reduce((most, value, i) => Math.max(most, Math.abs(value - expected[2000 + i]!)), 0)
    expect(worst).toBeLessThan(1e-5)
  })
})

test.each(RESAMPLINGS)('%s: any pieces in, the same samples out, ⌈n · to / from⌉ of them', async (method) => {
  const random = randomNumbers(3)
  const rates = fc.constantFrom(8000, 11025, 16000, 22050, 44100, 48000)
  await fc.assert(
    fc.asyncProperty(
      rates,
      rates,
      fc.integer({ min: 0, max: 3000 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 700 })),
      async (from, to, length, sizes) => {
        const samples = Float32Array.from({ length }, () => random() - 0.5)
        const whole = await resample(samples, { from, to, method })
        expect(whole.length).toBe(Math.ceil((length * to) / from))
        const resampler = createResampler(from, to, method)
        const parts: number[] = []
        for (let at = 0; at < length; ) {
          const size = sizes.next().value!
          parts.push(...resampler.push(samples.slice(at, at + size)))
          at += size
        }
        parts.push(...(await resampler.finish()))
        expect(sameSamples(Float32Array.from(parts), whole)).toBe(true)
      },
    ),
    { numRuns: 40 },
  )
})

test('a constant stays what it is', async () => {
  const samples = new Float32Array(20_000).fill(0.25)
  for (const method of ['soxr_hq', 'soxr_vhq'] as const) {
    const made = await resample(samples, { from: 22050, to: 16000, method })
    expect(made.subarray(1000, 13_000).every((value) => Math.abs(value - 0.25) < 1e-7)).toBe(true)
  }
})

test('fft gives the periodic continuation back', async () => {
  const samples = Float32Array.from({ length: 1001 }, (_, i) => Math.sin((2 * Math.PI * 7 * i) / 1001))
  const made = await resample(samples, { from: 1001, to: 1500, method: 'fft' })
  expect(made.every((value, i) => Math.abs(value - Math.sin((2 * Math.PI * 7 * i) / 1500)) < 1e-6)).toBe(true)
})

test('what cannot be resampled is refused', () => {
  expect(() => createResampler(0, 8000, 'soxr_hq')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  expect(() => createResampler(8000, 0.5, 'soxr_hq')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  expect(() => createResampler(8000, 16000, 'linear' as never)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
})

test('a long resampling can be aborted', async () => {
  const controller = new AbortController()
  const pending = resample(new Float32Array(20_000_000), { from: 44100, to: 22050, signal: controller.signal })
  setImmediate(() => controller.abort())
  await expect(pending).rejects.toMatchObject({ code: 'ABORTED' })
})

test('rates too far apart, and fractions that polyphase has no filter for, are refused', async () => {
  expect(() => createResampler(48_000, 40, 'soxr_hq')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  await expect(resample(new Float32Array(9), { from: 3_000_001, to: 3_000_000, method: 'polyphase' })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  })
  expect(await resample(new Float32Array(9), { from: 3_000_001, to: 3_000_000, method: 'soxr_hq' })).toEqual(new Float32Array(9))
})
