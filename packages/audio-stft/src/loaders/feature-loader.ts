// A loader of one feature: recordings in, one tensor (features, frames) for each recording or window out.

import { type AudioLoaderConfig, type ParsedLoaderConfig, type SoundInput, type SoundLoaderFactory, soundLoader } from '@cbir/audio-decode/loader'
import type { RealFrames, Samples } from '@cbir/audio-dsp'
import type { CallOptions, Tensor, VectorLoader } from '@cbir/core'
import { toMatrix } from '../matrix.ts'
import type { Fields } from './feature-fields.ts'

export const PACKAGE = '@cbir/audio-stft'

/** Raised whenever this package would compute other numbers from the same samples. */
const ALGORITHM = 2

/** Loads recordings as float tensors. */
export type SoundLoader = VectorLoader<SoundInput, Tensor<'f32'>>

/** Numbers of one signal that a call may be given. */
type OfOneSignal = 'freq' | 'centroid' | 'ref'

/** What the options of a feature function become in a loader: without what only a call has, and without the rate, which the loader knows. */
export type LoaderConfig<Options> = AudioLoaderConfig &
  Omit<Options, keyof CallOptions | OfOneSignal | 'sampleRate' | 'implementation' | 'window'> &
  WindowConfig

/** Windows as data: by name, by name and parameters, or as Kaiser's beta. */
export interface WindowConfig {
  readonly window?: string | number | readonly [string, ...number[]] | undefined
}

/** A configuration that was parsed: the fields of every loader, and those of the feature. */
export type ParsedConfig = ParsedLoaderConfig

/** How a stretch of samples becomes a tensor. */
export type Compute = (samples: Float32Array, sampleRate: number, config: ParsedConfig, options: CallOptions) => Promise<Tensor<'f32'>>

export interface FeatureLoaderDefinition {
  readonly name: string
  /** The fields of the schema beside those of every loader. */
  readonly fields: Fields
  /** Throws what the feature's function would throw for options that contradict each other, where the rate is known. */
  readonly check?: ((config: ParsedConfig & { readonly sampleRate: number }) => void) | undefined
  readonly compute: Compute
}

/** The plugin, and factory, of a feature. `Given` is what a person writes. */
export type FeatureLoaderFactory<Given> = SoundLoaderFactory<Given, Tensor<'f32'>>

export function featureLoader<Given>({ name, fields, check, compute }: FeatureLoaderDefinition): FeatureLoaderFactory<Given> {
  return soundLoader({
    name,
    package: PACKAGE,
    algorithm: ALGORITHM,
    fields,
    check: (config) => {
      const { sampleRate } = config
      if (sampleRate !== null) check?.({ ...config, sampleRate })
    },
    compute,
  })
}

/** The tensor of frames: shape [features, frames]. */
export async function tensorOf(frames: RealFrames, { signal }: CallOptions): Promise<Tensor<'f32'>> {
  const { data, rows, columns } = await toMatrix(frames, signal)
  return { dtype: 'f32', shape: [rows, columns], data, axes: ['feature', 'frame'] }
}

/** A computation that gives frames. */
export function byFrames<Options>(frames: (samples: Samples, options: Options) => Promise<RealFrames>): Compute {
  return async (samples, sampleRate, config, options) => tensorOf(await frames(samples, { ...config, ...options, sampleRate } as Options), options)
}
