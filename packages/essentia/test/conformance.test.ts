// The suites of the kit, for the loaders and for the pooling.

import { featureExtractorSuite, pluginSuite, vectorLoaderSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { createRegistry, type FeatureExtractor, type Plugin, type Tensor, type VectorLoader } from '@cbir/core'
import { essentiaLoader, freesoundExtractor, musicExtractor, poolAggregator, type SoundInput } from '@cbir/essentia'
import { tone, wav } from '../../../tooling/test-sounds.ts'

type Config = Readonly<Record<string, unknown>>

/** Little more than one frame of the tonal algorithms. */
const windows = { seconds: 0.1 }
/** What is quick to compute. */
const few = { windows, descriptors: ['tonal.hpcp', 'tonal.chords_histogram'], statistics: ['mean', 'dvar2'] }

/** Of each loader: a configuration, one that gives other numbers, and some that must be refused. */
const loaders: readonly (readonly [plugin: Plugin, config: Config, different: Config, invalid: Readonly<Record<string, Config>>])[] = [
  [
    essentiaLoader,
    { algorithm: 'HPCP', parameters: { size: 24 }, windows },
    { algorithm: 'HPCP', parameters: { size: 36 }, frameSize: 4096, hopSize: 2048, windowType: 'blackmanharris62' },
    {
      'no algorithm': {},
      'an algorithm that does not exist': { algorithm: 'HPCPs' },
      'a name of every object': { algorithm: 'toString' },
      'a parameter that does not exist': { algorithm: 'HPCP', parameters: { sizes: 36 } },
      'a parameter of another type': { algorithm: 'HPCP', parameters: { size: '36' } },
      'a number below its range': { algorithm: 'MFCC', parameters: { numberBands: 0 } },
      'a number above its range': { algorithm: 'SpectralContrast', parameters: { neighbourRatio: 1.01 } },
      'a number beyond single precision': { algorithm: 'MFCC', parameters: { highFrequencyBound: 1e300 } },
      'half a band': { algorithm: 'MFCC', parameters: { numberBands: 12.5 } },
      'an integer beyond 32 bits': { algorithm: 'MFCC', parameters: { numberBands: 2 ** 32 + 40 } },
      'a word that is no choice': { algorithm: 'HPCP', parameters: { weightType: 'cosines' } },
      'a list in place of a number': { algorithm: 'HPCP', parameters: { size: [12] } },
      'an output that does not exist': { algorithm: 'MFCC', outputs: ['mfccs'] },
      'no outputs': { algorithm: 'MFCC', outputs: [] },
      'an odd frame': { algorithm: 'MFCC', frameSize: 2047 },
      'sample rate 0': { algorithm: 'MFCC', sampleRate: 0 },
      'another rate than the algorithm assumes': { algorithm: 'RhythmExtractor2013', sampleRate: 22050 },
      'a window that does not exist': { algorithm: 'MFCC', windowType: 'kaiser' },
    },
  ],
  [
    musicExtractor,
    few,
    { ...few, statistics: ['mean'] },
    {
      'a descriptor that does not exist': { descriptors: ['tonal.hpc'] },
      'a statistic that does not exist': { statistics: ['average'] },
      'a statistic twice': { statistics: ['mean', 'mean'] },
      'another sample rate': { sampleRate: 22050 },
    },
  ],
  [freesoundExtractor, few, { ...few, descriptors: ['tonal'] }, { 'a descriptor of the other': { descriptors: ['rhythm.danceability'] } }],
]

const badInputs: Readonly<Record<string, SoundInput>> = {
  'a recording that was cut off': wav(tone(3, 1, 44100), 44100).slice(0, 20_000),
  'what is no recording': new TextEncoder().encode('this is no sound'),
  'no bytes': new Uint8Array(0),
  'a file that is not there': 'no/such/sound.wav',
  'what is no input': 5 as never,
  'samples that are NaN': { samples: Float32Array.from({ length: 44_100 }, (_, i) => (i === 7000 ? Number.NaN : 0.1)), sampleRate: 44_100 },
  'no samples': { samples: new Float32Array(0), sampleRate: 44_100 },
  'a rate of 0': { samples: tone(1), sampleRate: 0 },
  'a rate of NaN': { samples: tone(1), sampleRate: Number.NaN },
}

for (const [plugin, config, different, invalid] of loaders) {
  const registry = createRegistry([plugin])
  const make = (given: Config) =>
    registry.fromConfig({ type: plugin.name, package: plugin.package, config: given }, 'vector-loader') as Promise<VectorLoader<SoundInput>>
  vectorLoaderSuite<SoundInput, unknown>({
    runner,
    name: plugin.name,
    create: () => make(config),
    inputs: (count) =>
      Array.from({ length: count }, (_, i) =>
        i % 2 === 0 ? wav(tone(i, 0.15, 44_100), 44_100) : { samples: tone(i, 0.15, 44_100), sampleRate: 44_100 },
      ),
    manyParts: () => wav(tone(9, 0.35, 44_100), 44_100),
    badInputs,
    spoil: (value) => void (value instanceof Float32Array ? value : (value as Tensor<'f32'>).data).fill(7),
    different: () => make(different),
    fromConfig: (written) => registry.fromConfig(written, 'vector-loader') as Promise<VectorLoader<SoundInput>>,
  })
  pluginSuite({ runner, plugin, configs: [config, different], invalid })
}

const registry = createRegistry([poolAggregator])
const pooling = (config: Config): Promise<FeatureExtractor<Tensor<'f32'>>> =>
  registry.fromConfig({ type: 'pool-aggregator', package: '@cbir/essentia', config }, 'feature-extractor')

featureExtractorSuite<Tensor<'f32'>>({
  runner,
  name: 'pool-aggregator',
  create: () => pooling({ features: 3, statistics: ['mean', 'var', 'median', 'dmean', 'dvar2'] }),
  inputs: (count) => Array.from({ length: count }, (_, i) => ({ dtype: 'f32', shape: [3, 20 + i], data: tone(i, (60 + 3 * i) / 22050) })),
  badInputs: {
    'another number of features': { dtype: 'f32', shape: [4, 5], data: new Float32Array(20) },
    'no frames': { dtype: 'f32', shape: [3, 0], data: new Float32Array(0) },
    'too few numbers': { dtype: 'f32', shape: [3, 5], data: new Float32Array(14) },
    'what is no tensor': 'text' as never,
  },
  spoil: ({ data }) => void data.fill(0),
  different: () => pooling({ features: 3, statistics: ['var', 'mean'] }),
  fromConfig: (written) => registry.fromConfig(written, 'feature-extractor'),
})
pluginSuite({
  runner,
  plugin: poolAggregator,
  configs: [{ features: 20 }, { features: 2, statistics: ['max'] }],
  invalid: { 'no number of features': {}, 'a statistic twice': { features: 2, statistics: ['mean', 'mean'] } },
})
