// What an algorithm of Essentia is described by: what it is given, what it gives, and its parameters.

import type { Argument, Input } from '../../worker/protocol.d.mts'

/**
 * What an algorithm is given. `frame`: samples of a frame. `spectrum`: magnitudes of the windowed frame. `moments`: central moments of that.
 * `peaks`: its peaks. `harmonics`: those peaks that are harmonics of the frame's pitch. `signal`: the whole sound. `stereo`: the same, as both
 * channels. `envelope`: the sound's envelope.
 */
export type AlgorithmInput = Input

export interface ParameterDescription {
  readonly default: Argument
  readonly integer?: true | undefined
  /** Of a number, as Essentia writes it: `'(0,1]'` is above 0 and at most 1. */
  readonly range?: string | undefined
  /** Of a word. */
  readonly choices?: readonly string[] | undefined
}

export interface AlgorithmDescription {
  readonly input: AlgorithmInput
  /** The names of what it gives: numbers, vectors or keys. */
  readonly outputs: readonly string[]
  /** Those that are given where `outputs` is not configured. All where absent. */
  readonly usual?: readonly string[] | undefined
  /** It has no parameter for the sample rate and assumes 44 100 Hz. */
  readonly only44100?: boolean | undefined
  /** By name, in the order of essentia.js' arguments, which is that of their names. */
  readonly parameters: Readonly<Record<string, ParameterDescription>>
}

export type AlgorithmTable = Readonly<Record<string, AlgorithmDescription>>

/** Flags and lists stand for themselves. */
export type Parameters = Readonly<Record<string, ParameterDescription | boolean | readonly number[]>>

/** A row of the table. */
export function algorithm(
  input: AlgorithmInput,
  outputs: readonly string[],
  parameters: Parameters = {},
  more: Pick<AlgorithmDescription, 'usual' | 'only44100'> = {},
): AlgorithmDescription {
  const described = Object.entries(parameters).map(([name, value]) => [name, isDescription(value) ? value : { default: value }] as const)
  return { input, outputs, ...more, parameters: Object.fromEntries(described.sort(([a], [b]) => (a < b ? -1 : 1))) }
}

function isDescription(value: Parameters[string]): value is ParameterDescription {
  return typeof value === 'object' && !Array.isArray(value)
}

export const real = (usual: number, range?: string): ParameterDescription => ({ default: usual, range })
export const positive = (usual: number): ParameterDescription => real(usual, '(0,inf)')
export const atLeast0 = (usual: number): ParameterDescription => real(usual, '[0,inf)')
export const integer = (usual: number, range: string): ParameterDescription => ({ default: usual, integer: true, range })
export const size = (usual: number): ParameterDescription => integer(usual, '(0,inf)')
export const oneOf = (usual: string, choices: readonly string[]): ParameterDescription => ({ default: usual, choices })

export const sampleRate: ParameterDescription = positive(44_100)

/** Windows of Essentia's Windowing. */
export const WINDOW_TYPES = [
  'hamming',
  'hann',
  'hannnsgcq',
  'triangular',
  'square',
  'blackmanharris62',
  'blackmanharris70',
  'blackmanharris74',
  'blackmanharris92',
] as const

export type WindowType = (typeof WINDOW_TYPES)[number]
