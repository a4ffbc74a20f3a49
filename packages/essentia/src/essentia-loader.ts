// essentiaLoader: an algorithm of Essentia by its name, over recordings or windows of them.

import { type AudioLoaderConfig, type ParsedLoaderConfig, type SoundLoaderFactory, soundLoader } from '@cbir/audio-decode/loader'
import type { Tensor } from '@cbir/core'
import { nearNames } from '@cbir/core/define'
import { z } from 'zod'
import type { AlgorithmPlan, Argument } from '../worker/protocol.d.mts'
import { type AlgorithmDescription, type AlgorithmInput, WINDOW_TYPES, type WindowType } from './algorithms/algorithm-description.ts'
import { ESSENTIA_ALGORITHMS } from './algorithms/essentia-algorithms.ts'
import { parameterFault } from './algorithms/parameter-fault.ts'
import { checkSound, ownSamples, sampleRateField } from './check-sound.ts'
import { runInThread } from './essentia-threads.ts'

export const PACKAGE = '@cbir/essentia'

export interface EssentiaLoaderConfig extends AudioLoaderConfig {
  /** Essentia's name, e.g. `'MFCC'`: a key of `ESSENTIA_ALGORITHMS`. */
  readonly algorithm: string
  /**
   * Parameters by Essentia's names. Left out, `sampleRate`, `frameSize` and `inputSize` are those of the loader, the `range` of an
   * algorithm of spectra is half the sample rate (so that a centroid is in hertz), and the others have Essentia's defaults.
   */
  readonly parameters?: Readonly<Record<string, Argument>> | undefined
  /** Which of its outputs, one below the other. Default: the algorithm's usual ones. */
  readonly outputs?: readonly string[] | undefined
  /** Samples in a frame, even, for algorithms of frames and spectra. Default 2048. */
  readonly frameSize?: number | undefined
  /** Samples from frame to frame. Default 1024. */
  readonly hopSize?: number | undefined
  /** Default `'hann'`. */
  readonly windowType?: WindowType | undefined
}

type Parsed = ParsedLoaderConfig & {
  readonly algorithm: string
  readonly parameters: Readonly<Record<string, Argument>>
  readonly outputs?: readonly string[] | undefined
  readonly frameSize: number
  readonly hopSize: number
  readonly windowType: WindowType
}

const SAMPLES = 2 ** 20

/** A whole sound must have so many samples at least. */
const SHORTEST = 2048

/**
 * The plugin: a tensor f32 of shape [features, frames] for each recording or window; of an algorithm of whole sounds, one frame, or as many as it
 * finds (beats, onsets). Keys become twelve features (1 at the key, from A on), scales one (1 for major).
 * @example essentiaLoader({ algorithm: 'HPCP', parameters: { size: 36 } })
 */
export const essentiaLoader: SoundLoaderFactory<EssentiaLoaderConfig, Tensor<'f32'>> = soundLoader({
  name: 'essentia-loader',
  package: PACKAGE,
  algorithm: 1,
  fields: {
    sampleRate: sampleRateField,
    algorithm: z.string(),
    parameters: z.record(z.string(), z.union([z.number(), z.boolean(), z.string(), z.array(z.number())])).default({}),
    outputs: z.array(z.string()).min(1).optional(),
    frameSize: z.int().min(16).max(SAMPLES).multipleOf(2).default(2048),
    hopSize: z.int().min(1).max(SAMPLES).default(1024),
    windowType: z.enum(WINDOW_TYPES).default('hann'),
  },
  check: (config) => void planOf(config as Parsed, config.sampleRate ?? 44_100),
  async compute(samples, sampleRate, config, { signal }) {
    const plan = planOf(config as Parsed, sampleRate)
    const whole = !isFramed(plan.input)
    checkSound(samples.length, sampleRate, { least: whole ? SHORTEST : plan.framing.frameSize, whole })
    const { data, rows, columns } = await runInThread(plan, ownSamples(samples), sampleRate, signal)
    return { dtype: 'f32', shape: [rows, columns], data, axes: ['feature', 'frame'] }
  },
})

function isFramed(input: AlgorithmInput): boolean {
  return input !== 'signal' && input !== 'stereo' && input !== 'envelope'
}

/** @throws Error in the words of a configuration's fault */
function planOf(config: Parsed, sampleRate: number): AlgorithmPlan {
  const { algorithm: name, frameSize, hopSize, windowType } = config
  const known = Object.hasOwn(ESSENTIA_ALGORITHMS, name) ? ESSENTIA_ALGORITHMS[name] : undefined
  if (!known) throw unknown('algorithm', name, Object.keys(ESSENTIA_ALGORITHMS))
  if (known.only44100 && config.sampleRate !== 44_100) throw new Error(`${name} assumes a sampleRate of 44100, and it is ${config.sampleRate}`)
  for (const output of config.outputs ?? []) if (!known.outputs.includes(output)) throw unknown(`output of ${name}`, output, known.outputs)
  return {
    kind: 'algorithm',
    name,
    input: known.input,
    parameters: parametersOf(name, known, config, sampleRate),
    outputs: config.outputs ?? known.usual ?? known.outputs,
    framing: { frameSize, hopSize, windowType },
  }
}

function parametersOf(name: string, { input, parameters }: AlgorithmDescription, config: Parsed, sampleRate: number): Argument[] {
  for (const [key, value] of Object.entries(config.parameters)) {
    const parameter = Object.hasOwn(parameters, key) ? parameters[key] : undefined
    if (!parameter) throw unknown(`parameter of ${name}`, key, Object.keys(parameters))
    const wanted = parameterFault(parameter, value)
    if (wanted) throw new Error(`the parameter ${key} of ${name} is ${JSON.stringify(value)}, and must be ${wanted}`)
  }
  const here: Readonly<Record<string, Argument>> = {
    sampleRate,
    ...(isFramed(input) ? { frameSize: config.frameSize, inputSize: config.frameSize / 2 + 1 } : {}),
    ...(input === 'spectrum' ? { range: sampleRate / 2 } : {}),
  }
  return Object.entries(parameters).map(([key, { default: usual }]) => config.parameters[key] ?? here[key] ?? usual)
}

function unknown(what: string, name: string, known: readonly string[]): Error {
  const near = nearNames(name, known)
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : `known are ${known.join(', ') || 'none'}`
  return new Error(`there is no ${what} "${name}"; ${hint}`)
}
