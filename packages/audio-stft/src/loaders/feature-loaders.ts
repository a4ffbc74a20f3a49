// The loaders, one for each feature, from a table.

import { type AudioLoaderConfig, resType } from '@cbir/audio-decode/loader'
import * as dsp from '@cbir/audio-dsp'
import { decibels } from '@cbir/audio-dsp'
import type { CallOptions, Tensor } from '@cbir/core'
import { z } from 'zod'
import { chromaFilters } from '../chroma-filters.ts'
import { type ChromaStftOptions, chromaStftFrames } from '../chroma-stft.ts'
import { melFilters } from '../mel-filters.ts'
import { type MelspectrogramOptions, melFrames } from '../melspectrogram.ts'
import { type MfccOptions, mfccFrames } from '../mfcc.ts'
import { type OnsetStrengthOptions, onsetStrength } from '../onset-strength.ts'
import { type PolyFeaturesOptions, polyFeaturesFrames } from '../poly-features.ts'
import { type RmsOptions, rmsFrames } from '../rms.ts'
import { type SpectralBandwidthOptions, spectralBandwidthFrames } from '../spectral-bandwidth.ts'
import { type FrequencyOptions, spectralCentroidFrames } from '../spectral-centroid.ts'
import { type SpectralContrastOptions, spectralContrastFrames } from '../spectral-contrast.ts'
import { type SpectralFlatnessOptions, spectralFlatnessFrames } from '../spectral-flatness.ts'
import { type SpectralRolloffOptions, spectralRolloffFrames } from '../spectral-rolloff.ts'
import { type StftOptions, stft } from '../stft.ts'
import { type YinOptions, yin } from '../yin.ts'
import { type ZeroCrossingRateOptions, zeroCrossingRateFrames } from '../zero-crossing-rate.ts'
import { chroma, framePadMode, framing, length, mel, melNorm, positive, sampleFraming, share } from './feature-fields.ts'
import { byFrames, type Compute, type FeatureLoaderFactory, featureLoader, type LoaderConfig, tensorOf } from './feature-loader.ts'

/** Options of a transform, for the loaders. */
export interface StftVectorLoaderConfig extends LoaderConfig<StftOptions> {
  /** `'complex'` (default): shape [bins, frames, 2], re and im. `'magnitude'`, `'power'`, `'db'` (of powers, loudest 80 dB): shape [bins, frames]. */
  readonly output?: 'complex' | 'magnitude' | 'power' | 'db' | undefined
}

const stftTensor: Compute = async (samples, _, config, options) => {
  const { output, ...framing } = config as unknown as StftOptions & { readonly output: NonNullable<StftVectorLoaderConfig['output']> }
  if (output === 'complex') {
    const { data, rows, columns } = await stft(samples, { ...framing, ...options })
    return { dtype: 'f32', shape: [rows, columns, 2], data, axes: ['bin', 'frame', 're, im'] }
  }
  const frames = await dsp.spectrogram(samples, { ...framing, ...options, power: output === 'magnitude' ? 1 : 2, layout: 'bins' })
  return tensorOf(output === 'db' ? { ...frames, data: await decibels(frames.data, options) } : frames, options)
}

/**
 * The short-time Fourier transform of a recording. The defaults are those of findkit's `STFTVectorLoader(sampling_rate, n_fft=1024, hop_length=512,
 * window='hann', res_type='kaiser_fast')`.
 */
export const stftVectorLoader: FeatureLoaderFactory<StftVectorLoaderConfig> = featureLoader({
  name: 'stft-vector-loader',
  fields: {
    ...framing(1024, 512),
    resType: resType.default('kaiser_fast'),
    output: z.enum(['complex', 'magnitude', 'power', 'db']).default('complex'),
  },
  compute: stftTensor,
})

/** The samples themselves, shape [samples]: for extractors that take sound as it is. */
export const samplesLoader: FeatureLoaderFactory<AudioLoaderConfig> = featureLoader({
  name: 'samples-loader',
  fields: {},
  compute: async (samples): Promise<Tensor<'f32'>> => ({ dtype: 'f32', shape: [samples.length], data: samples.slice(), axes: ['sample'] }),
})

const checkMel = (config: Readonly<Record<string, unknown>>): void =>
  void melFilters({ ...(config as unknown as Parameters<typeof melFilters>[0]), norm: undefined })

export interface MelspectrogramLoaderConfig extends LoaderConfig<MelspectrogramOptions> {
  /** Whether the bands are given in decibels (`powerToDb`). Default false. */
  readonly db?: boolean | undefined
}

/** {@link melspectrogram} of recordings, shape [nMels, frames]. */
export const melspectrogramLoader: FeatureLoaderFactory<MelspectrogramLoaderConfig> = featureLoader({
  name: 'melspectrogram-loader',
  fields: { ...framing(2048, 512), ...mel, norm: melNorm, db: z.boolean().default(false) },
  check: checkMel,
  compute: async (samples, sampleRate, config, options) => {
    const frames = await melFrames(samples, { ...config, ...options, sampleRate } as MelspectrogramOptions, 'bins')
    return tensorOf(config['db'] ? { ...frames, data: await decibels(frames.data, options) } : frames, options)
  },
})

/** {@link mfcc} of recordings, shape [nMfcc, frames]. */
export const mfccLoader: FeatureLoaderFactory<LoaderConfig<MfccOptions>> = featureLoader({
  name: 'mfcc-loader',
  fields: {
    ...framing(2048, 512),
    ...mel,
    nMfcc: z.int().min(1).max(65_536).default(20),
    dctType: z.union([z.literal(1), z.literal(2), z.literal(3)]).default(2),
    norm: z.literal('ortho').nullable().default('ortho'),
    lifter: z.number().min(0).default(0),
    melNorm,
  },
  check: (config) => {
    const { nMfcc, nMels } = config as unknown as { nMfcc: number; nMels: number }
    if (nMfcc > nMels) throw new Error(`nMfcc is ${nMfcc}, and there are ${nMels} bands (nMels) only`)
    checkMel(config)
  },
  compute: byFrames((samples, options: MfccOptions) => mfccFrames(samples, options, 'bins')),
})

/** {@link chromaStft} of recordings, shape [nChroma, frames]. */
export const chromaStftLoader: FeatureLoaderFactory<LoaderConfig<ChromaStftOptions>> = featureLoader({
  name: 'chroma-stft-loader',
  fields: { ...framing(2048, 512), ...chroma },
  check: (config) => void chromaFilters({ sampleRate: config.sampleRate, nFft: config['nFft'] as number }),
  compute: byFrames(chromaStftFrames),
})

/** {@link spectralCentroid} of recordings, shape [1, frames]. */
export const spectralCentroidLoader: FeatureLoaderFactory<LoaderConfig<FrequencyOptions>> = featureLoader({
  name: 'spectral-centroid-loader',
  fields: framing(2048, 512),
  compute: byFrames(spectralCentroidFrames),
})

/** {@link spectralBandwidth} of recordings, shape [1, frames]. */
export const spectralBandwidthLoader: FeatureLoaderFactory<LoaderConfig<SpectralBandwidthOptions>> = featureLoader({
  name: 'spectral-bandwidth-loader',
  fields: { ...framing(2048, 512), p: positive.default(2), norm: z.boolean().default(true) },
  compute: byFrames(spectralBandwidthFrames),
})

/** {@link spectralRolloff} of recordings, shape [1, frames]. */
export const spectralRolloffLoader: FeatureLoaderFactory<LoaderConfig<SpectralRolloffOptions>> = featureLoader({
  name: 'spectral-rolloff-loader',
  fields: { ...framing(2048, 512), rollPercent: share.default(0.85) },
  compute: byFrames(spectralRolloffFrames),
})

/** {@link spectralFlatness} of recordings, shape [1, frames]. */
export const spectralFlatnessLoader: FeatureLoaderFactory<LoaderConfig<SpectralFlatnessOptions>> = featureLoader({
  name: 'spectral-flatness-loader',
  fields: { ...framing(2048, 512), amin: positive.default(1e-10), power: positive.default(2) },
  compute: byFrames(spectralFlatnessFrames),
})

/** {@link spectralContrast} of recordings, shape [nBands + 1, frames]. */
export const spectralContrastLoader: FeatureLoaderFactory<LoaderConfig<SpectralContrastOptions>> = featureLoader({
  name: 'spectral-contrast-loader',
  fields: {
    ...framing(2048, 512),
    fmin: positive.default(200),
    nBands: z.int().min(1).max(32).default(6),
    quantile: share.default(0.02),
    linear: z.boolean().default(false),
  },
  compute: byFrames(spectralContrastFrames),
})

/** {@link polyFeatures} of recordings, shape [order + 1, frames]. */
export const polyFeaturesLoader: FeatureLoaderFactory<LoaderConfig<PolyFeaturesOptions>> = featureLoader({
  name: 'poly-features-loader',
  fields: { ...framing(2048, 512), order: z.int().min(0).max(10).default(1) },
  compute: byFrames(polyFeaturesFrames),
})

/** {@link zeroCrossingRate} of recordings, shape [1, frames]. */
export const zeroCrossingRateLoader: FeatureLoaderFactory<LoaderConfig<ZeroCrossingRateOptions>> = featureLoader({
  name: 'zero-crossing-rate-loader',
  fields: {
    ...sampleFraming,
    threshold: z.number().min(0).default(1e-10),
    zeroPos: z.boolean().default(true),
    refMagnitude: z.union([z.literal('max'), z.number().min(0)]).default(1),
    pad: z.boolean().default(false),
  },
  compute: byFrames(zeroCrossingRateFrames),
})

/** {@link rms} of recordings, shape [1, frames]. */
export const rmsLoader: FeatureLoaderFactory<LoaderConfig<RmsOptions>> = featureLoader({
  name: 'rms-loader',
  fields: { ...sampleFraming, padMode: framePadMode },
  compute: byFrames(rmsFrames),
})

const oneRow = (data: Float32Array): Tensor<'f32'> => ({ dtype: 'f32', shape: [1, data.length], data, axes: ['feature', 'frame'] })

/** {@link onsetStrength} of recordings, shape [1, frames]. */
export const onsetStrengthLoader: FeatureLoaderFactory<LoaderConfig<OnsetStrengthOptions>> = featureLoader({
  name: 'onset-strength-loader',
  fields: {
    ...framing(2048, 512),
    ...mel,
    norm: melNorm,
    lag: z.int().min(1).default(1),
    maxSize: z.int().min(1).default(1),
    detrend: z.boolean().default(false),
    aggregate: z.enum(['mean', 'median', 'max', 'min', 'sum']).default('mean'),
  },
  check: checkMel,
  compute: async (samples, sampleRate, config, options) =>
    oneRow(await onsetStrength(samples, { ...config, ...options, sampleRate } as unknown as OnsetStrengthOptions)),
})

/** {@link yin} of recordings, shape [1, frames]. */
export const yinLoader: FeatureLoaderFactory<LoaderConfig<YinOptions>> = featureLoader({
  name: 'yin-loader',
  fields: {
    frameLength: length.min(4).default(2048),
    hopLength: length.optional(),
    center: z.boolean().default(true),
    padMode: framePadMode,
    fmin: positive,
    fmax: positive,
    troughThreshold: positive.default(0.1),
  },
  compute: async (samples, sampleRate, config, options: CallOptions) =>
    oneRow(await yin(samples, { ...config, ...options, sampleRate } as unknown as YinOptions)),
})
