// Bad input: typed errors that say what was expected, whatever the feature.

import type { ComplexMatrix, Matrix, Samples } from '@cbir/audio-stft'
import * as features from '@cbir/audio-stft'
import { CbirError } from '@cbir/core'
import { describe, expect, it } from 'vitest'
import { tone } from '../../../tooling/test-sounds.ts'

const sampleRate = 22_050
const y = tone(1, 0.5)

async function code(work: () => unknown): Promise<string> {
  try {
    await work()
  } catch (error) {
    if (CbirError.isInstance(error)) return error.code
    throw error
  }
  return 'no error'
}

/** Every feature of samples. */
const ofSamples: Readonly<Record<string, (samples: Samples, options?: Readonly<Record<string, unknown>>) => Promise<unknown>>> = {
  stft: (y, o) => features.stft(y, o),
  spectrogram: (y, o) => features.spectrogram(y, o),
  melspectrogram: (y, o) => features.melspectrogram(y, { sampleRate, ...o }),
  mfcc: (y, o) => features.mfcc(y, { sampleRate, ...o }),
  chromaStft: (y, o) => features.chromaStft(y, { sampleRate, ...o }),
  spectralCentroid: (y, o) => features.spectralCentroid(y, { sampleRate, ...o }),
  spectralBandwidth: (y, o) => features.spectralBandwidth(y, { sampleRate, ...o }),
  spectralRolloff: (y, o) => features.spectralRolloff(y, { sampleRate, ...o }),
  spectralFlatness: (y, o) => features.spectralFlatness(y, o),
  spectralContrast: (y, o) => features.spectralContrast(y, { sampleRate, ...o }),
  polyFeatures: (y, o) => features.polyFeatures(y, { sampleRate, ...o }),
  zeroCrossingRate: (y, o) => features.zeroCrossingRate(y, o),
  rms: (y, o) => features.rms(y, o),
  onsetStrength: (y, o) => features.onsetStrength(y, { sampleRate, ...o }),
  onsetDetect: (y, o) => features.onsetDetect(y, { sampleRate, ...o }),
  estimateTuning: (y, o) => features.estimateTuning(y, { sampleRate, ...o }),
  yin: (y, o) => features.yin(y, { sampleRate, fmin: 100, fmax: 1000, ...o }),
  tempogram: (y, o) => features.tempogram(y, { sampleRate, ...o }),
  tempo: (y, o) => features.tempo(y, { sampleRate, ...o }),
  beatTrack: (y, o) => features.beatTrack(y, { sampleRate, ...o }),
  trim: (y, o) => features.trim(y, o),
  split: (y, o) => features.split(y, o),
}

const WITHOUT_RATE = ['stft', 'spectrogram', 'spectralFlatness', 'zeroCrossingRate', 'rms', 'trim', 'split']

describe.each(Object.entries(ofSamples))('%s', (_, feature) => {
  it('takes the samples of a test', async () => {
    expect(await code(() => feature(y))).toBe('no error')
  })

  it('refuses samples that are NaN or infinite', async () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const samples = y.slice()
      samples[777] = bad
      expect(await code(() => feature(samples))).toBe('NOT_FINITE')
    }
  })

  it('refuses no samples, and what is no array of samples', async () => {
    expect(await code(() => feature(new Float32Array(0)))).toBe('EMPTY')
    expect(await code(() => feature([0, 1, 2] as never))).toBe('INVALID_ARGUMENT')
    expect(await code(() => feature('sound' as never))).toBe('INVALID_ARGUMENT')
  })

  it('takes one sample, or says that it is too short', async () => {
    expect(['no error', 'INVALID_ARGUMENT', 'EMPTY']).toContain(await code(() => feature(Float32Array.of(0.5))))
  })

  it('silence has no numbers that are none', async () => {
    const given = await feature(new Float32Array(11_025))
    const data = given instanceof Float32Array ? given : ((given as Partial<Matrix>).data ?? [])
    expect(Array.from(data).every(Number.isFinite)).toBe(true)
  })

  it('refuses a hop of 0', async () => {
    expect(await code(() => feature(y, { hopLength: 0 }))).toBe('INVALID_ARGUMENT')
  })

  it('can be aborted', async () => {
    const reason = new Error('enough')
    const error = await feature(y, { signal: AbortSignal.abort(reason) }).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(error).toMatchObject({ code: 'ABORTED', cause: reason })
  })

  it('is not disturbed when the caller changes the samples at once', async () => {
    const own = y.slice()
    const promise = feature(own)
    own.fill(Number.NaN)
    expect(await promise).toEqual(await feature(y))
  })
})

describe.each(Object.entries(ofSamples).filter(([name]) => !WITHOUT_RATE.includes(name)))('%s', (_, feature) => {
  it('refuses a sample rate of 0, below 0 or NaN', async () => {
    for (const bad of [0, -1, Number.NaN]) expect(await code(() => feature(y, { sampleRate: bad }))).toBe('INVALID_ARGUMENT')
  })
})

describe('options that contradict each other', () => {
  const mel = (o: Readonly<Record<string, unknown>>): Promise<string> => code(() => features.melspectrogram(y, { sampleRate, ...o }))

  it.each<[string, () => Promise<string>]>([
    ['more bands than bins', () => mel({ nFft: 64 })],
    ['fmax above half the rate', () => mel({ fmax: 11_026 })],
    ['fmin above fmax', () => mel({ fmin: 900, fmax: 800 })],
    ['a negative fmin', () => mel({ fmin: -1 })],
    ['an unknown norm', () => mel({ norm: 'area' })],
    ['a power of 0', () => mel({ power: 0 })],
    ['a window longer than a frame', () => mel({ winLength: 4096 })],
    ['an unknown padding', () => mel({ padMode: 'wrap' })],
    ['an unknown precision', () => mel({ precision: 'f16' })],
    ['more coefficients than bands', () => code(() => features.mfcc(y, { sampleRate, nMfcc: 129 }))],
    ['a DCT of type 4', () => code(() => features.mfcc(y, { sampleRate, dctType: 4 as never }))],
    ['a negative lifter', () => code(() => features.mfcc(y, { sampleRate, lifter: -1 }))],
    ['a roll-off of everything', () => code(() => features.spectralRolloff(y, { sampleRate, rollPercent: 1 }))],
    ['contrast beyond half the rate', () => code(() => features.spectralContrast(y, { sampleRate: 8000 }))],
    ['contrast with bands narrower than a bin', () => code(() => features.spectralContrast(y, { sampleRate, nFft: 64, fmin: 20 }))],
    ['a period that is longer than a frame', () => code(() => features.yin(y, { sampleRate, fmin: 10, fmax: 100 }))],
    ['an even width', () => code(() => features.delta({ data: new Float32Array(20), rows: 1, columns: 20 }, { width: 4 }))],
    ['fewer frames than the width', () => code(() => features.delta({ data: new Float32Array(8), rows: 1, columns: 8 }))],
    ['channels that go back', () => code(() => features.onsetStrengthMulti(y, { sampleRate, channels: [0, 32, 16] }))],
    ['a matrix of other numbers than it says', () => code(() => features.powerToDb({ data: new Float32Array(5), rows: 2, columns: 3 }))],
    ['negative magnitudes', () => code(() => features.spectralFlatness({ data: new Float32Array(6).fill(-1), rows: 3, columns: 2 }))],
    ['a pitch from a band whose end is infinite', () => code(() => features.melFrequencies({ fmax: Number.POSITIVE_INFINITY }))],
    ['a frequency as text', () => mel({ fmin: '20' })],
    ['a billion bands', () => code(() => features.melFrequencies({ nMels: 1e9 }))],
    ['a billion bands for coefficients', () => code(() => features.mfcc(y, { sampleRate, nMels: 1e9 }))],
    ['a tuning that is no number', () => code(() => features.chromaStft(y, { sampleRate, tuning: Number.NaN }))],
    ['frequencies of another count than bins', () => code(() => features.spectralCentroid(y, { sampleRate, freq: new Float64Array(9) }))],
    ['frequencies in a list', () => code(() => features.polyFeatures(y, { sampleRate, freq: [1, 2] as never }))],
    ['frequencies that are all the same', () => code(() => features.polyFeatures(y, { sampleRate, freq: new Float64Array(1025) }))],
    [
      'frequencies of bands that go back',
      () => code(() => features.spectralContrast(y, { sampleRate, freq: new Float64Array(1025).map((_, k) => -k) })),
    ],
    ['centroids of another count than frames', () => code(() => features.spectralBandwidth(y, { sampleRate, centroid: new Float32Array(2) }))],
    ['an unknown level', () => code(() => features.powerToDb({ data: new Float32Array(4), rows: 2, columns: 2 }, { ref: 'sum' as never }))],
    ['an unknown level of silence', () => code(() => features.trim(y, { ref: 'sum' as never }))],
    [
      'a degree that is not below the width',
      () => code(() => features.delta({ data: new Float32Array(20), rows: 1, columns: 20 }, { polyorder: 9 })),
    ],
    [
      'a state of another count than rows',
      () => code(() => features.pcen({ data: new Float32Array(4), rows: 2, columns: 2 }, { sampleRate, zi: new Float64Array(3) })),
    ],
    [
      'a background of another size',
      () =>
        code(() =>
          features.pcen({ data: new Float32Array(4), rows: 2, columns: 2 }, { sampleRate, ref: { data: new Float32Array(2), rows: 2, columns: 1 } }),
        ),
    ],
    [
      'an earlier spectrogram of another size',
      () => code(() => features.onsetStrength(y, { sampleRate, ref: { data: new Float32Array(2), rows: 2, columns: 1 } })),
    ],
    ['channels that are no list', () => code(() => features.onsetStrengthMulti(y, { sampleRate, channels: 3 as never }))],
    ['a prior that is no function', () => code(() => features.tempo(y, { sampleRate, prior: 70 as never }))],
    ['a prior of NaN', () => code(() => features.tempo(y, { sampleRate, prior: () => Number.NaN }))],
    ['strengths in a list', () => code(() => features.tempo(undefined, { sampleRate, onsetEnvelope: [1, 2] as never }))],
    ['a tempogram that no memory holds', () => code(() => features.tempogram(new Float32Array(2e6), { sampleRate, winLength: 2 ** 20 }))],
    ['a beat in a billion years', () => code(() => features.beatTrack(y, { sampleRate, bpm: 1e-15 }))],
    ['a resolution that no memory holds', () => code(() => features.estimateTuning(y, { sampleRate, resolution: 1e-12 }))],
    ['a sound of years', () => code(async () => features.istft(await features.stft(y), { hopLength: 2 ** 30 }))],
    ['a matrix of -2 by -3', () => code(() => features.delta({ data: new Float32Array(6), rows: -2, columns: -3 }))],
    ['no matrix', () => code(() => features.delta(null as never))],
    ['no samples to split', () => code(() => features.split(null as never))],
    ['onsets of nothing', () => code(() => features.onsetDetect(undefined, { sampleRate }))],
  ])('%s', async (_, work) => {
    expect(await work()).toBe('INVALID_ARGUMENT')
  })

  it('matrices and lists with NaN are NOT_FINITE', async () => {
    const matrix = { data: new Float32Array(1025 * 12).fill(Number.NaN, 700, 701), rows: 1025, columns: 12 }
    expect(await code(() => features.mfcc(matrix, { sampleRate }))).toBe('NOT_FINITE')
    expect(await code(() => features.onsetStrength(matrix, { sampleRate }))).toBe('NOT_FINITE')
    expect(await code(() => features.rms(matrix))).toBe('NOT_FINITE')
    expect(await code(() => features.delta(matrix))).toBe('NOT_FINITE')
    expect(await code(() => features.powerToDb(matrix, { ref: 'median' }))).toBe('NOT_FINITE')
    const freq = new Float64Array(1025).fill(Number.NaN)
    expect(await code(() => features.spectralRolloff(y, { sampleRate, freq }))).toBe('NOT_FINITE')
    expect(await code(() => features.onsetDetect(y, { sampleRate, energy: Float32Array.of(1, Number.NaN) }))).toBe('NOT_FINITE')
  })

  it('too few samples without padding are EMPTY', async () => {
    expect(await code(() => features.stft(y.subarray(0, 100), { center: false }))).toBe('EMPTY')
    expect(await code(() => features.rms(y.subarray(0, 100), { center: false }))).toBe('EMPTY')
    expect(await code(() => features.tempogram(y, { sampleRate, center: false }))).toBe('EMPTY')
  })

  it('a spectrum that does not fit nFft is DIMENSION_MISMATCH', async () => {
    const spectrum: ComplexMatrix = await features.stft(y)
    expect(await code(() => features.istft(spectrum, { nFft: 1024 }))).toBe('DIMENSION_MISMATCH')
  })
})
