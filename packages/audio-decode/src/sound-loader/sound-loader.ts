// A loader of sound: recordings in, one value for each recording or window out. What the value is, a package says.

import { type CallOptions, definePlugin, defineVectorLoader, type Part, type PluginFactory, type VectorLoader } from '@cbir/core'
import { z } from 'zod'
import { stretches } from './cut-windows.ts'
import { audioFields, type FilledLoaderConfig } from './loader-config.ts'
import { type OpenSound, openRecording, readable, type SoundInput } from './recording.ts'

/** A configuration that was parsed: the fields of every loader, and those of its own. */
export type ParsedLoaderConfig = FilledLoaderConfig & Readonly<Record<string, unknown>>

/** What a package writes. */
export interface SoundLoaderDefinition<T> {
  readonly name: string
  readonly package: string
  /** Raised whenever the same samples would give other numbers. */
  readonly algorithm: number
  /** The fields of the schema beside those of every loader, or in their place. */
  readonly fields: Readonly<Record<string, z.ZodType>>
  /** Throws where options contradict each other. */
  readonly check?: ((config: ParsedLoaderConfig) => void) | undefined
  /**
   * How a stretch of samples becomes a value. `samples` are used again once the promise has settled: what is to stay is copied, nothing transferred.
   * What it throws of samples that are no numbers becomes LOAD_FAILED.
   */
  readonly compute: (samples: Float32Array, sampleRate: number, config: ParsedLoaderConfig, options: CallOptions) => Promise<T>
}

/** The plugin, and factory, of a loader. `Given` is what a person writes. */
export type SoundLoaderFactory<Given, T> = PluginFactory<Given, FilledLoaderConfig, VectorLoader<SoundInput, T>>

export function soundLoaderWith<Given, T>(open: OpenSound, definition: SoundLoaderDefinition<T>): SoundLoaderFactory<Given, T> {
  const { name, fields, check } = definition
  const schema = z.strictObject({ ...audioFields, ...fields }).superRefine((config, context) => {
    if (!check) return
    try {
      check(config as unknown as ParsedLoaderConfig)
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) })
    }
  })
  return definePlugin<Given, FilledLoaderConfig, VectorLoader<SoundInput, T>>({
    kind: 'vector-loader',
    interfaces: ['VectorLoader'],
    name,
    package: definition.package,
    configSchema: schema as never,
    create: (config) => createLoader(open, definition, config as ParsedLoaderConfig),
  })
}

function createLoader<T>(open: OpenSound, definition: SoundLoaderDefinition<T>, config: ParsedLoaderConfig): VectorLoader<SoundInput, T> {
  const { name, algorithm, compute } = definition
  async function* load(input: SoundInput, options: CallOptions): AsyncGenerator<Part<T>, void, undefined> {
    const recording = await openRecording(open, input, config, options)
    for await (const { samples, start, end } of stretches(recording, config.windows)) {
      const value = await readable(() => compute(samples, recording.sampleRate, config, { signal: options.signal }))
      yield { value, start, end }
    }
  }
  const { decoders, ...data } = config
  const identity = { name, package: definition.package, config: decoders ? { ...data, decoders } : data }
  const types = decoders?.flatMap(({ contentTypes }) => contentTypes)
  return defineVectorLoader(identity, { fingerprint: JSON.stringify([algorithm, data, types]), load })
}
