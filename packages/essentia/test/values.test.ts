// Numbers: known facts of known sounds, Essentia's own where this package computes in its place, and statistics against the definition.

import type { Tensor } from '@cbir/core'
import {
  type DescriptorField,
  descriptorFields,
  descriptorNames,
  dimensionsOf,
  ESSENTIA_ALGORITHMS,
  essentiaLoader,
  freesoundExtractor,
  musicExtractor,
  POOL_STATISTICS,
  type PoolStatistic,
  poolAggregator,
} from '@cbir/essentia'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tone } from '../../../tooling/test-sounds.ts'
import { bandsOf, cepstrumOf, erbFilters, melFilters } from '../worker/bands.mjs'
import { Essentia } from '../worker/essentia.mjs'
import { framesOf } from '../worker/frames.mjs'
import { framesIn, spectralFeatures } from '../worker/low-level.mjs'
import { load, RATE, silence, sine } from './load.ts'

const framesThatFill = (samples: number, frameSize: number, hopSize: number): number => {
  // The first frame is centred at sample 0, the last one is the first whose centre is not before the end, as long as it begins before.
  let count = 1
  for (let start = -frameSize / 2; start + frameSize / 2 < samples && start + hopSize < samples; start += hopSize) count++
  return count
}

const rowsOf = ({ shape, data }: Tensor<'f32'>): Float32Array[] => {
  const [rows, columns] = shape as [number, number]
  return Array.from({ length: rows }, (_, r) => data.subarray(r * columns, (r + 1) * columns))
}

describe('algorithms', () => {
  test('the profile of a tone of 440 Hz has its peak at A, one of 523.25 Hz at C', async () => {
    for (const [hertz, semitone] of [
      [440, 0],
      [523.25, 3],
    ] as const) {
      const profiles = rowsOf(await load(essentiaLoader({ algorithm: 'HPCP' }), sine(hertz)))
      const means = profiles.map((row) => row.reduce((a, b) => a + b, 0))
      expect(profiles.length).toBe(12)
      expect(means.indexOf(Math.max(...means))).toBe(semitone)
    }
  })

  test('the centroid of a tone is at its frequency, in hertz', async () => {
    const [centroids] = rowsOf(await load(essentiaLoader({ algorithm: 'Centroid' }), sine(440)))
    for (const centroid of centroids!.subarray(2, -3)) expect(Math.abs(centroid - 440)).toBeLessThan(5)
  })

  test('the pitch of a tone is its frequency', async () => {
    const [pitches, confidences] = rowsOf(await load(essentiaLoader({ algorithm: 'PitchYinFFT' }), sine(440)))
    expect(Math.abs(pitches![10]! - 440)).toBeLessThan(2)
    expect(confidences![10]!).toBeGreaterThan(0.9)
  })

  test('MFCC have a row for each coefficient and a column for each frame', async () => {
    for (const [seconds, frameSize, hopSize] of [
      [1, 2048, 1024],
      [0.7, 1024, 500],
      [0.5, 4096, 5000],
    ] as const) {
      const parameters = { numberCoefficients: 20 }
      const { shape, data } = await load(essentiaLoader({ algorithm: 'MFCC', parameters, frameSize, hopSize }), sine(440, seconds))
      expect(shape).toEqual([20, framesThatFill(seconds * RATE, frameSize, hopSize)])
      expect(data.length).toBe(shape[0]! * shape[1]!)
    }
  })

  test('beats of clicks twice a second are half a second apart', async () => {
    const clicks = silence(6).map((_, i) => (i % 22_050 < 300 ? Math.sin(i) : 0))
    const tempo = await load(essentiaLoader({ algorithm: 'RhythmExtractor2013' }), clicks)
    expect(Math.abs(tempo.data[0]! - 120)).toBeLessThan(2)
    const parameters = { method: 'degara' }
    const { shape } = await load(essentiaLoader({ algorithm: 'RhythmExtractor2013', parameters, outputs: ['ticks'] }), clicks)
    expect(shape[1]).toBeGreaterThan(8)
  })

  test('a key is a place among twelve, a scale a flag', async () => {
    const third = sine(440, 2).map((a, i) => a + 0.4 * Math.sin((2 * Math.PI * 554.37 * i) / RATE))
    const key = await load(essentiaLoader({ algorithm: 'KeyExtractor', outputs: ['key', 'scale'] }), third)
    expect(key.shape).toEqual([13, 1])
    expect(key.data.subarray(0, 12).reduce((a, b) => a + b, 0)).toBe(1)
    expect(key.data[0]).toBe(1)
  })

  test('every algorithm of the table gives finite numbers for a tone', { timeout: 120_000 }, async () => {
    // Beats are needed: without any, Essentia's trackers refuse.
    const beating = (seconds: number): Float32Array => tone(5, seconds, RATE).map((value, i) => (i % 15_000 < 4000 ? value : value / 20))
    const [short, long] = [beating(0.3), beating(1)]
    for (const algorithm of Object.keys(ESSENTIA_ALGORITHMS)) {
      const { shape, data } = await load(essentiaLoader({ algorithm, hopSize: 16_384 }), algorithm.startsWith('BeatTracker') ? long : short)
      expect([algorithm, data.length], algorithm).toEqual([algorithm, shape[0]! * shape[1]!])
      expect(data.length, algorithm).toBeGreaterThan(0)
      expect(data.every(Number.isFinite), algorithm).toBe(true)
    }
  })

  test('outputs of different lengths are refused, and one of them is not', async () => {
    const outputs = ['ticks', 'bpm']
    const extractor = { algorithm: 'RhythmExtractor2013', parameters: { method: 'degara' } } as const
    const sound = tone(1, 3, RATE)
    await expect(load(essentiaLoader({ ...extractor, outputs }), sound)).rejects.toMatchObject({ code: 'LOAD_FAILED' })
    await load(essentiaLoader({ ...extractor, outputs: ['ticks'] }), sound)
  })

  test('names that are nearly right are answered with the right ones', () => {
    expect(() => essentiaLoader({ algorithm: 'mfc' })).toThrow(/did you mean .*MFCC/)
    expect(() => essentiaLoader({ algorithm: 'MFCC', parameters: { numberBand: 4 } })).toThrow(/numberBands/)
    expect(() => essentiaLoader({ algorithm: 'MFCC', outputs: ['band'] })).toThrow(/bands/)
    expect(() => musicExtractor({ descriptors: ['lowlevel.mfc'] })).toThrow(/lowlevel\.mfcc/)
  })
})

describe('what is computed in place of Essentia', () => {
  const essentia = new Essentia()
  const spectrum = tone(3, 1025 / 22050, 22050).map((value) => Math.abs(value))
  const close = (got: ArrayLike<number>, expected: unknown, tolerance: number): void => {
    const wanted = expected as Float32Array
    const largest = wanted.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
    expect(got.length).toBe(wanted.length)
    for (let i = 0; i < got.length; i++) expect(Math.abs(got[i]! - wanted[i]!)).toBeLessThanOrEqual(tolerance * largest)
  }

  test.each([44_100, 22_050])('mel bands and MFCC at %d Hz', (rate) => {
    const expected = essentia.call('MFCC', spectrum, 2, 11000, 1025, 0, 'dbamp', 0, 'unit_sum', 40, 13, rate, 1e-10, 'power', 'htkMel', 'warping')
    const bands = bandsOf(melFilters(40, 1025, rate, 11000), spectrum, true)
    close(bands, expected['bands'], 1e-4)
    close(cepstrumOf(bands, 13), expected['mfcc'], 1e-5)
  })

  test('many mel bands', () => {
    const expected = essentia.call('MelBands', spectrum, 22050, 1025, false, 0, 'unit_sum', 96, 44100, 'power', 'htkMel', 'warping')
    close(bandsOf(melFilters(96, 1025, 44100, 22050), spectrum, true), expected['bands'], 2e-4)
  })

  test.each([
    [40, 40, 22_050],
    [18, 26, 9795],
  ])('%d ERB bands and GFCC', (count, low, high) => {
    const expected = essentia.call('GFCC', spectrum, 2, high, 1025, 'dbamp', low, count, 13, 44100, 1e-10, 'power')
    const bands = bandsOf(erbFilters(count, 1025, 44100, low, high), spectrum, true)
    // Essentia computes its filters in single precision, which the lowest ones feel.
    close(bands, expected['bands'], 1e-3)
    close(cepstrumOf(expected['bands'] as Float32Array, 13), expected['gfcc'], 1e-5)
  })

  test("what has a value in each frame is what Essentia's own extractor finds", () => {
    const sound = tone(6, 0.4, RATE) as Float32Array<ArrayBuffer>
    const held = essentia.hold(sound)
    const kind = { melBands: 96, erb: { bands: 18, low: 26, high: 9795 }, pitch: true }
    const [ours, theirs] = [spectralFeatures(essentia, held, sound, RATE, kind), essentia.call('LowLevelSpectralExtractor', held, 2048, 1024, RATE)]
    held.release()
    const names = Object.keys(theirs).filter((name) => ours.has(name))
    // All but the crest and flatness of the spectrum.
    expect(names.length).toBe(Object.keys(theirs).length - 2)
    for (const name of names)
      close(
        framesIn(ours.get(name)).flatMap((frame) => [...Array.from(frame)]),
        Float32Array.from(framesIn(theirs[name]).flatMap((frame) => [...Array.from(frame)])),
        1e-3,
      )
  })

  test('frames are those of FrameGenerator where it has some', () => {
    const samples = tone(2, 0.3, 22050)
    for (const [frameSize, hopSize] of [
      [512, 256],
      [1024, 300],
    ] as const) {
      const frames = [...framesOf(samples, { frameSize, hopSize, windowType: 'hann' })]
      const own = essentia.call('LevelExtractor', samples, frameSize, hopSize)['loudness'] as Float32Array
      expect(frames.length).toBe(framesThatFill(samples.length, frameSize, hopSize))
      const energies = frames.map((frame) => frame.reduce((sum, value) => sum + value * value, 0) ** 0.67)
      // Essentia's level leaves out the frame at the end that is not full, or begins at sample 0: the loudest is the same.
      expect(own.length).toBeGreaterThan(0)
      expect(Math.abs(Math.max(...energies) / Math.max(...own) - 1)).toBeLessThan(0.05)
    }
  })
})

/** The statistics as PoolAggregator's documentation defines them, written once more. */
function defined(statistic: PoolStatistic, values: readonly number[]): number {
  const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length
  const variance = (list: readonly number[]): number => mean(list.map((value) => (value - mean(list)) ** 2))
  const steps = (list: readonly number[]): number[] => list.slice(1).map((value, i) => value - list[i]!)
  const sizes = (list: readonly number[]): number[] => (list.length === 0 ? [0] : list.map(Math.abs))
  const sorted = [...values].sort((a, b) => a - b)
  const half = (sorted.length - 1) / 2
  switch (statistic) {
    case 'mean':
      return mean(values)
    case 'var':
      return variance(values)
    case 'median':
      return (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2
    case 'min':
      return sorted[0]!
    case 'max':
      return sorted.at(-1)!
    case 'dmean':
      return mean(sizes(steps(values)))
    case 'dvar':
      return variance(sizes(steps(values)))
    case 'dmean2':
      return mean(sizes(steps(steps(values))))
    case 'dvar2':
      return variance(sizes(steps(steps(values))))
  }
}

describe('statistics', () => {
  test('of any features, by the definition in double precision', async () => {
    const series = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }).map(Math.fround), { minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(series, async (values) => {
        const extractor = poolAggregator({ features: 1, statistics: POOL_STATISTICS })
        const { data } = await extractor.extract([{ dtype: 'f32', shape: [1, values.length], data: Float32Array.from(values) }])
        for (const [i, statistic] of POOL_STATISTICS.entries()) {
          const wanted = defined(statistic, values)
          expect(Math.abs(data[i]! - wanted)).toBeLessThanOrEqual(1e-6 * Math.max(1e-3, Math.abs(wanted)))
        }
      }),
    )
  })

  test('of many features: all of the first statistic, then all of the second', async () => {
    const tensor: Tensor<'f32'> = { dtype: 'f32', shape: [2, 3], data: Float32Array.of(1, 2, 6, -1, 0, -5) }
    const { data } = await poolAggregator({ features: 2, statistics: ['mean', 'max', 'dmean'] }).extract([tensor])
    expect([...data]).toEqual([3, -2, 6, 0, 2.5, 3])
  })

  test("an extractor's statistics are those of the loader's frames", async () => {
    const sound = tone(4, 1.5, RATE)
    const vector = await load(musicExtractor({ descriptors: ['lowlevel.zerocrossingrate', 'lowlevel.mfcc'] }), sound)
    const rows = [
      ...rowsOf(await load(essentiaLoader({ algorithm: 'MFCC', windowType: 'blackmanharris62' }), sound)),
      ...rowsOf(await load(essentiaLoader({ algorithm: 'ZeroCrossingRate' }), sound)),
    ]
    for (const { descriptor, statistic, offset, length } of descriptorFields('music', {
      descriptors: ['lowlevel.zerocrossingrate', 'lowlevel.mfcc'],
    })) {
      for (let i = 0; i < length; i++) {
        const wanted = defined(statistic!, [...rows[descriptor === 'lowlevel.mfcc' ? i : 13]!])
        expect(Math.abs(vector[offset + i]! - wanted)).toBeLessThanOrEqual(1e-4 * Math.max(1e-2, Math.abs(wanted)))
      }
    }
  })
})

const EXTRACTORS = { music: musicExtractor, freesound: freesoundExtractor } as const
const KINDS = ['music', 'freesound'] as const

describe.each(KINDS)('the %s extractor', (kind) => {
  const fields = descriptorFields(kind)
  const at = (vector: Float32Array, descriptor: string, statistic?: PoolStatistic): Float32Array => {
    const field = fields.find((one: DescriptorField) => one.descriptor === descriptor && one.statistic === statistic)
    if (!field) throw new Error(`there is no field ${descriptor}`)
    return vector.subarray(field.offset, field.offset + field.length)
  }

  test('its fields lie one behind the other and are the whole vector', () => {
    let offset = 0
    for (const field of fields) {
      expect(field.offset).toBe(offset)
      offset += field.length
    }
    expect(dimensionsOf(fields)).toBe(offset)
    expect([...new Set(fields.map(({ descriptor }) => descriptor))]).toEqual(descriptorNames(kind))
  })

  test('of a tone: every descriptor is there, with the facts that are known', async () => {
    const vector = await load(EXTRACTORS[kind]({}), sine(440))
    expect(vector.length).toBe(dimensionsOf(fields))
    expect(vector.every(Number.isFinite)).toBe(true)
    expect(Math.abs(at(vector, 'lowlevel.spectral_centroid', 'median')[0]! - 440)).toBeLessThan(5)
    // A sine of 440 Hz crosses zero 880 times a second.
    expect(Math.abs(at(vector, 'lowlevel.zerocrossingrate', 'median')[0]! - 880 / RATE)).toBeLessThan(1e-3)
    expect(at(vector, 'lowlevel.silence_rate_60dB', 'mean')[0]).toBe(0)
    const profile = at(vector, 'tonal.hpcp', 'mean')
    expect(profile.indexOf(Math.max(...profile))).toBe(0)
    const tuning = at(vector, 'tonal.tuning_frequency', kind === 'freesound' ? 'mean' : undefined)[0]!
    expect(Math.abs(tuning - 440)).toBeLessThan(2)
    for (const name of descriptorNames(kind).filter((name) => /mfcc|gfcc|bands$|melbands\d+$/.test(name))) {
      expect(
        at(vector, name, 'mean').some((value) => value !== 0),
        name,
      ).toBe(true)
    }
    if (kind === 'freesound') {
      expect(at(vector, 'sfx.duration')[0]).toBeCloseTo(1, 5)
      expect(Math.abs(at(vector, 'lowlevel.pitch', 'median')[0]! - 440)).toBeLessThan(2)
    }
  })

  test('of silence: all of it is silent, and every number is finite', async () => {
    const vector = await load(EXTRACTORS[kind]({}), silence(0.5))
    expect(vector.every(Number.isFinite)).toBe(true)
    for (const level of ['20dB', '30dB', '60dB']) expect(at(vector, `lowlevel.silence_rate_${level}`, 'mean')[0]).toBe(1)
  })

  test('a choice of descriptors and statistics has the same numbers as the whole', async () => {
    const sound = tone(8, 0.5, RATE)
    const choice = { descriptors: ['lowlevel.gfcc', 'tonal'], statistics: ['dvar', 'mean'] } as const
    const [all, some] = [await load(EXTRACTORS[kind]({}), sound), await load(EXTRACTORS[kind](choice), sound)]
    const chosen = descriptorFields(kind, choice)
    expect(some.length).toBe(dimensionsOf(chosen))
    for (const { descriptor, statistic, offset, length } of chosen) {
      expect([...some.subarray(offset, offset + length)]).toEqual([...at(all, descriptor, statistic)])
    }
  })

  test('the same sound gives the same numbers, in any thread and at any time of day', async () => {
    const sound = tone(1, 0.4, RATE)
    const halfSilent = sound.map((value, i) => (i < sound.length / 2 ? 0 : value))
    const config = { descriptors: ['lowlevel', 'tonal'] }
    const first = await load(EXTRACTORS[kind](config), halfSilent)
    await new Promise((resolve) => setTimeout(resolve, 1100))
    const more = await Promise.all([1, 2, 3].map(() => load(EXTRACTORS[kind](config), halfSilent)))
    for (const again of more) expect(again).toEqual(first)
  })
})
