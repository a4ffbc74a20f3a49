// What must hold for any sound: shifts, scales, sums, and features of samples against the same of their spectrogram.

import {
  amplitudeToDb,
  chromaFilters,
  chromaStft,
  delta,
  hzToMel,
  istft,
  type Matrix,
  melFilters,
  melspectrogram,
  melToHz,
  mfcc,
  onsetStrength,
  onsetStrengthMulti,
  pcen,
  polyFeatures,
  powerToDb,
  rms,
  spectralBandwidth,
  spectralCentroid,
  spectralContrast,
  spectralFlatness,
  spectralRolloff,
  spectrogram,
  split,
  stft,
  tempo,
  trim,
  yin,
  zeroCrossingRate,
} from '@cbir/audio-stft'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tone } from '../../../tooling/test-sounds.ts'

const sampleRate = 22_050

/** The largest difference, as a share of the largest number. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  let [most, largest] = [0, 1e-30]
  for (let i = 0; i < a.length; i++) {
    most = Math.max(most, Math.abs(a[i]! - b[i]!))
    largest = Math.max(largest, Math.abs(b[i]!))
  }
  return most / largest
}

const columns = ({ data, rows, columns }: Matrix, from: number, to: number): Float32Array =>
  Float32Array.from({ length: rows * (to - from) }, (_, i) => data[Math.floor(i / (to - from)) * columns + from + (i % (to - from))]!)

/** Lengths of frames of every kind: even, odd, prime. */
const framing = fc.record({
  nFft: fc.constantFrom(64, 100, 255, 256, 400, 509, 512),
  hopLength: fc.integer({ min: 16, max: 200 }),
  window: fc.constantFrom('hann' as const, 'hamming' as const, 'blackman' as const, ['kaiser', 8] as const),
})
const seeds = fc.integer({ min: 0, max: 1000 })
const few = { numRuns: 25 }

describe('for any sound and framing', () => {
  it('a sound that is shifted by n hops has its frames shifted by n', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, framing, fc.integer({ min: 1, max: 5 }), async (seed, frames, shift) => {
        const y = tone(seed, 0.1)
        const options = { ...frames, center: false }
        const whole = await stft(y, options)
        const shifted = await stft(y.subarray(shift * frames.hopLength), options)
        const part = { data: whole.data, rows: whole.rows, columns: 2 * whole.columns }
        expect(difference(columns(part, 2 * shift, 2 * whole.columns), shifted.data)).toBeLessThan(2e-7)
      }),
      few,
    )
  })

  it('a sound twice as loud has twice the magnitudes, four times the powers, 6.02 dB more, and the same shape', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, framing, async (seed, frames) => {
        const y = tone(seed, 0.1)
        const loud = y.map((sample) => 2 * sample)
        const [a, b] = [await spectrogram(y, frames), await spectrogram(loud, frames)]
        expect(
          difference(
            b.data,
            a.data.map((value) => 2 * value),
          ),
        ).toBeLessThan(1e-6)
        const mel = { ...frames, sampleRate, nMels: 20 }
        expect(
          difference(
            (await melspectrogram(loud, mel)).data,
            (await melspectrogram(y, mel)).data.map((value) => 4 * value),
          ),
        ).toBeLessThan(1e-6)
        const dB = await amplitudeToDb(a, { amin: 1e-20, topDb: null })
        const louder = await amplitudeToDb(b, { amin: 1e-20, topDb: null })
        expect(
          difference(
            louder.data,
            dB.data.map((value) => value + 20 * Math.log10(2)),
          ),
        ).toBeLessThan(1e-5)
        for (const shape of [spectralCentroid, spectralBandwidth, spectralRolloff]) {
          expect(difference((await shape(loud, mel)).data, (await shape(y, mel)).data)).toBeLessThan(1e-5)
        }
      }),
      few,
    )
  })

  it('the inverse gives the sound back, wherever windows cover it', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, framing, async (seed, frames) => {
        const options = { ...frames, hopLength: Math.min(frames.hopLength, Math.floor(frames.nFft / 4)) }
        const y = tone(seed, 0.1)
        const back = await istft(await stft(y, options), { ...options, length: y.length })
        const sure = y.length - frames.nFft
        expect(difference(back.subarray(0, sure), y.subarray(0, sure))).toBeLessThan(1e-5)
      }),
      few,
    )
  })

  it('features of samples are those of their spectrogram', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.constantFrom(256, 400, 512), async (seed, nFft) => {
        const y = tone(seed, 0.2)
        const options = { sampleRate, nFft, hopLength: 128, nMels: 20, nMfcc: 12, tuning: 0.1, fmin: 300, nBands: 4 }
        const magnitudes = await spectrogram(y, options)
        const powers = await spectrogram(y, { ...options, power: 2 })
        for (const feature of [spectralCentroid, spectralBandwidth, spectralRolloff, spectralFlatness, spectralContrast, polyFeatures]) {
          expect(difference((await feature(magnitudes, options)).data, (await feature(y, options)).data)).toBeLessThan(1e-6)
        }
        const mel = await melspectrogram(powers, options)
        expect(difference(mel.data, (await melspectrogram(y, options)).data)).toBeLessThan(1e-6)
        expect(difference((await chromaStft(powers, options)).data, (await chromaStft(y, options)).data)).toBeLessThan(1e-6)
        expect(difference((await mfcc(await powerToDb(mel), options)).data, (await mfcc(y, options)).data)).toBeLessThan(1e-5)
      }),
      few,
    )
  })

  it('single precision differs from double by little', async () => {
    const y = tone(7, 0.5)
    for (const nFft of [1000, 1023, 2048]) {
      const [single, double] = [await stft(y, { nFft, precision: 'f32' }), await stft(y, { nFft })]
      expect(difference(single.data, double.data)).toBeLessThan(2e-6)
    }
  })
})

describe('filters', () => {
  it('mel filters are triangles that add up to 1 between the first and the last peak, where their peaks are 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.boolean(), fc.constantFrom(8000, 16_000, 44_100), (nMels, htk, sampleRate) => {
        const nFft = 2048
        const { data, rows, columns } = melFilters({ sampleRate, nFft, nMels, htk, norm: null })
        const hz = Array.from({ length: nMels + 2 }, (_, i) => melToHz((hzToMel(sampleRate / 2, htk) * i) / (nMels + 1), htk))
        for (let bin = 0; bin < columns; bin++) {
          const f = (bin * sampleRate) / nFft
          if (f < hz[1]! || f > hz[nMels]!) continue
          let sum = 0
          for (let row = 0; row < rows; row++) sum += data[row * columns + bin]!
          expect(sum).toBeCloseTo(1, 4)
        }
      }),
    )
  })

  it('a tuning of one pitch class turns the chroma filters by one', () => {
    const options = { sampleRate, nFft: 1024, octwidth: null }
    const { data, rows, columns } = chromaFilters(options)
    const turned = chromaFilters({ ...options, tuning: 1 })
    const expected = data.map((_, i) => data[((Math.floor(i / columns) + 1) % rows) * columns + (i % columns)]!)
    expect(difference(turned.data, expected)).toBeLessThan(1e-5)
  })

  it('mels and hertz are each other’s inverse', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 48_000, noNaN: true }), fc.boolean(), (hz, htk) => {
        expect(Math.abs(melToHz(hzToMel(hz, htk), htk) - hz)).toBeLessThanOrEqual(1e-9 * Math.max(1, hz))
      }),
    )
  })
})

describe('known answers', () => {
  const sine = (hertz: number, seconds = 1): Float32Array =>
    Float32Array.from({ length: seconds * sampleRate }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / sampleRate))

  it('a sine has its pitch, centroid, crossings, level and pitch class', async () => {
    const y = sine(440)
    const middle = 20
    // librosa's difference function leans a little to short periods.
    expect(Math.abs((await yin(y, { sampleRate, fmin: 100, fmax: 1000 }))[middle]! - 440)).toBeLessThan(1)
    expect((await spectralCentroid(y, { sampleRate })).data[middle]).toBeCloseTo(440, 0)
    expect((await spectralFlatness(y)).data[middle]).toBeLessThan(1e-6)
    expect((await zeroCrossingRate(y)).data[middle]).toBeCloseTo((2 * 440) / sampleRate, 3)
    expect((await rms(y)).data[middle]).toBeCloseTo(0.5 / Math.SQRT2, 3)
    const chroma = await chromaStft(y, { sampleRate, tuning: 0 })
    const A = 9
    expect(chroma.data[A * chroma.columns + middle]).toBe(1)
  })

  it('clicks twice a second are 120 beats a minute', async () => {
    const y = new Float32Array(10 * sampleRate)
    for (let beat = 0; beat < 20; beat++)
      for (let i = 0; i < 300; i++) y[Math.round((beat * sampleRate) / 2) + i] = Math.sin(i / 2) * Math.exp(-i / 60)
    const bpm = await tempo(y, { sampleRate })
    expect(Math.abs(bpm - 120)).toBeLessThan(4)
  })

  it('silence around a sound is cut off, and so is what is between two', async () => {
    const y = new Float32Array(6 * sampleRate)
    y.set(sine(440), sampleRate)
    y.set(sine(330), 4 * sampleRate)
    const { start, end } = await trim(y)
    expect(Math.abs(start - sampleRate)).toBeLessThanOrEqual(2048)
    expect(Math.abs(end - 5 * sampleRate)).toBeLessThanOrEqual(2048)
    const [first, second, ...others] = await split(y)
    expect(others).toEqual([])
    expect(Math.abs(first!.end - 2 * sampleRate)).toBeLessThanOrEqual(2048)
    expect(Math.abs(second!.start - 4 * sampleRate)).toBeLessThanOrEqual(2048)
    expect(await split(y.subarray(0, 100))).toEqual([{ start: 0, end: 100 }])
  })

  it('the derivatives of a parabola are its slope and its curvature', async () => {
    const data = Float32Array.from({ length: 60 }, (_, t) => 0.25 * t * t - t)
    const row: Matrix = { data, rows: 1, columns: 60 }
    const slope = await delta(row, { mode: 'nearest' })
    const curvature = await delta(row, { order: 2 })
    for (let t = 10; t < 50; t++) expect(slope.data[t]).toBeCloseTo(0.5 * t - 1, 4)
    for (const value of curvature.data) expect(value).toBeCloseTo(0.5, 4)
  })

  it('PCEN of a steady sound forgets its level', async () => {
    const steady = (level: number): Matrix => ({ data: new Float32Array(400).fill(level), rows: 1, columns: 400 })
    const options = { sampleRate, gain: 1 }
    const [quiet, loud] = [await pcen(steady(1e3), options), await pcen(steady(1e6), options)]
    expect(loud.data[399]).toBeCloseTo(quiet.data[399]!, 3)
  })

  it('the onset strength of all bands is the mean of that of groups of equal size', async () => {
    const y = tone(5, 1)
    const all = await onsetStrength(y, { sampleRate })
    const { data, columns } = await onsetStrengthMulti(y, { sampleRate, channels: [0, 64, 128] })
    expect(
      difference(
        all.map((_, t) => (data[t]! + data[columns + t]!) / 2),
        all,
      ),
    ).toBeLessThan(1e-6)
  })
})
