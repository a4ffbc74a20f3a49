// Every loader of the package with configurations to try, and the suite for loaders with inputs for them.

import type { SoundInput, SoundLoader } from '@cbir/audio-stft'
import * as stft from '@cbir/audio-stft'
import { vectorLoaderSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { createRegistry, type Plugin, type Tensor } from '@cbir/core'
import { tone, wav } from '../../../tooling/test-sounds.ts'

export type Config = Readonly<Record<string, unknown>>

const windows = { seconds: 0.25, every: 0.125 }

/** Of each loader: a configuration, one that gives other numbers, and some that must be refused. */
export const loaders: readonly (readonly [plugin: Plugin, config: Config, different: Config, invalid: Readonly<Record<string, Config>>])[] = [
  [
    stft.stftVectorLoader,
    { sampleRate: 22050, nFft: 1024, hopLength: 512, window: 'hann', resType: 'kaiser_fast', windows },
    { output: 'db', window: ['kaiser', 8], winLength: 800, center: false, precision: 'f32' },
    { 'no such window': { window: 'round' }, 'an unknown resampling': { resType: 'linear' }, 'sample rate 0': { sampleRate: 0 } },
  ],
  [stft.samplesLoader, { windows }, { sampleRate: 8000 }, { 'windows without length': { windows: { seconds: 0 } } }],
  [
    stft.melspectrogramLoader,
    { nMels: 40, windows },
    { nMels: 40, htk: true, norm: 'inf', db: true, fmin: 20, fmax: 8000 },
    { 'more bands than bins': { nFft: 64 }, 'a band beyond half the rate': { fmax: 12_000 }, 'fmin above fmax': { fmin: 900, fmax: 800 } },
  ],
  [
    stft.mfccLoader,
    { windows },
    { nMfcc: 13, dctType: 3, lifter: 22, nMels: 64, norm: null },
    { 'more coefficients than bands': { nMfcc: 41, nMels: 40 }, 'DCT of type 4': { dctType: 4 } },
  ],
  [stft.chromaStftLoader, { tuning: 0, windows }, { nChroma: 24, norm: 2 }, { 'a norm of -1': { norm: -1 } }],
  [stft.spectralCentroidLoader, { windows }, { nFft: 1024 }, { 'an nFft of 0': { nFft: 0 } }],
  [stft.spectralBandwidthLoader, { windows }, { p: 1 }, { 'p of 0': { p: 0 } }],
  [stft.spectralRolloffLoader, { windows }, { rollPercent: 0.1 }, { 'all of the energy': { rollPercent: 1 } }],
  [stft.spectralFlatnessLoader, { windows }, { power: 1 }, { 'amin of 0': { amin: 0 } }],
  [stft.spectralContrastLoader, { windows }, { linear: true, nBands: 4, fmin: 100 }, { 'no bands': { nBands: 0 } }],
  [stft.polyFeaturesLoader, { windows }, { order: 2 }, { 'a negative order': { order: -1 } }],
  [stft.zeroCrossingRateLoader, { windows }, { frameLength: 1024 }, { 'a hop of 0': { hopLength: 0 } }],
  [stft.rmsLoader, { windows }, { padMode: 'reflect' }, { 'an unknown padding': { padMode: 'around' } }],
  [stft.onsetStrengthLoader, { windows }, { lag: 2, maxSize: 3, aggregate: 'median' }, { 'a lag of 0': { lag: 0 } }],
  [stft.yinLoader, { fmin: 65, fmax: 1900, windows }, { fmin: 65, fmax: 1900, troughThreshold: 0.3 }, { 'no band': {} }],
]

const whole = wav(tone(3), 22050)
const badInputs: Readonly<Record<string, SoundInput>> = {
  'a recording that was cut off': whole.slice(0, 20_000),
  'what is no recording': new TextEncoder().encode('this is no sound'),
  'no bytes': new Uint8Array(0),
  'a file that is not there': 'no/such/sound.wav',
  'what is no input': 5 as never,
  'samples that are NaN': { samples: Float32Array.from({ length: 22_050 }, (_, i) => (i === 7000 ? Number.NaN : 0.1)), sampleRate: 22_050 },
  'no samples': { samples: new Float32Array(0), sampleRate: 22_050 },
  'a rate of 0': { samples: tone(1), sampleRate: 0 },
  'a rate of NaN': { samples: tone(1), sampleRate: Number.NaN },
}

/**
 * Whether a loader differs from the others in more than its feature's function: complex values of three dimensions, the samples themselves, bands in
 * either layout, frames of a spectrum in TypeScript, and a pitch for each frame of samples.
 */
export const testedAlways = (plugin: Plugin): boolean =>
  [stft.stftVectorLoader, stft.samplesLoader, stft.mfccLoader, stft.spectralContrastLoader, stft.yinLoader].some((each) => each === plugin)

/** Registers the suite's tests of one loader. */
export function testLoader(plugin: Plugin, config: Config, different: Config): void {
  const registry = createRegistry([plugin])
  const make = (given: Config): Promise<SoundLoader> =>
    registry.fromConfig({ type: plugin.name, package: plugin.package, config: given }, 'vector-loader') as Promise<SoundLoader>
  vectorLoaderSuite<SoundInput, Tensor<'f32'>>({
    runner,
    name: plugin.name,
    create: () => make(config),
    inputs: (count) =>
      Array.from({ length: count }, (_, i) => (i % 2 === 0 ? wav(tone(i, 0.5), 22050) : { samples: tone(i, 0.5, 16_000), sampleRate: 16_000 })),
    manyParts: () => wav(tone(9), 22050),
    badInputs,
    spoil: ({ data }) => void data.fill(7),
    different: () => make(different),
    fromConfig: (written) => registry.fromConfig(written, 'vector-loader') as Promise<SoundLoader>,
  })
}
