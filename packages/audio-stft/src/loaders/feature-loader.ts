// A loader of one feature: recordings in, one tensor (features, frames) for each recording or window out.

import type { RealFrames, Samples } from '@cbir/audio-dsp'
import { type CallOptions, definePlugin, defineVectorLoader, type Part, type PluginFactory, type Tensor, type VectorLoader } from '@cbir/core'
import { z } from 'zod'
import { toMatrix } from '../matrix.ts'
import { stretches } from './cut-windows.ts'
import type { Fields } from './feature-fields.ts'
import { type AudioLoaderConfig, audioFields, type FilledLoaderConfig } from './loader-config.ts'
import { openRecording, readable, type SoundInput } from './recording.ts'

export const PACKAGE = '@cbir/audio-stft'

/** Raised whenever this package would compute other numbers from the same samples. */
const ALGORITHM = 1

/** Loads recordings as float tensors. */
export type SoundLoader = VectorLoader<SoundInput, Tensor<'f32'>>

/** What the options of a feature function become in a loader: without what only a call has, and without the rate, which the loader knows. */
export type LoaderConfig<Options> = AudioLoaderConfig & Omit<Options, keyof CallOptions | 'sampleRate' | 'implementation' | 'window'> & WindowConfig

/** Windows as data: by name, by name and parameters, or as Kaiser's beta. */
export interface WindowConfig {
  readonly window?: string | number | readonly [string, ...number[]] | undefined
}

/** A configuration that was parsed: the fields of every loader, and those of the feature. */
export type ParsedConfig = FilledLoaderConfig & Readonly<Record<string, unknown>>

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
export type FeatureLoaderFactory<Given> = PluginFactory<Given, FilledLoaderConfig, SoundLoader>

export function featureLoader<Given>(definition: FeatureLoaderDefinition): FeatureLoaderFactory<Given> {
  const { name, fields, check } = definition
  const schema = z.strictObject({ ...audioFields, ...fields }).superRefine((config, context) => {
    const { sampleRate } = config as unknown as ParsedConfig
    if (!check || sampleRate === null) return
    try {
      check({ ...(config as unknown as ParsedConfig), sampleRate })
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) })
    }
  })
  return definePlugin<Given, FilledLoaderConfig, SoundLoader>({
    kind: 'vector-loader',
    interfaces: ['VectorLoader'],
    name,
    package: PACKAGE,
    configSchema: schema as never,
    create: (config) => createLoader(definition, config as ParsedConfig),
  })
}

function createLoader({ name, compute }: FeatureLoaderDefinition, config: ParsedConfig): SoundLoader {
  async function* load(input: SoundInput, options: CallOptions): AsyncGenerator<Part<Tensor<'f32'>>, void, undefined> {
    const recording = await openRecording(input, config, options)
    for await (const { samples, start, end } of stretches(recording, config.windows)) {
      const value = await readable(() => compute(samples, recording.sampleRate, config, { signal: options.signal }))
      yield { value, start, end }
    }
  }
  const { decoders, ...data } = config
  const identity = { name, package: PACKAGE, config: decoders ? { ...data, decoders } : data }
  const types = decoders?.flatMap(({ contentTypes }) => contentTypes)
  return defineVectorLoader(identity, { fingerprint: JSON.stringify([ALGORITHM, data, types]), load })
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
