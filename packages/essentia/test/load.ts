// One part of a sound, and samples of known sounds.

import type { VectorLoader } from '@cbir/core'
import type { SoundInput } from '@cbir/essentia'

export const RATE = 44_100

/** The only part that a loader gives. */
export async function load<T>(loader: VectorLoader<SoundInput, T>, samples: Float32Array, options: { signal?: AbortSignal } = {}): Promise<T> {
  const values: T[] = []
  for await (const { value } of loader.load({ samples, sampleRate: RATE }, options)) values.push(value)
  if (values.length !== 1) throw new Error(`${values.length} parts`)
  return values[0]!
}

export function sine(hertz: number, seconds = 1, amplitude = 0.5): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * RATE) }, (_, i) => amplitude * Math.sin((2 * Math.PI * hertz * i) / RATE))
}

export const silence = (seconds = 1): Float32Array => new Float32Array(Math.round(seconds * RATE))
