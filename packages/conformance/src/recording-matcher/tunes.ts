// Tunes: random notes that no two recordings share, made once and kept, as every case wants some.

import { type Random, randomFrom } from '../framework/random.ts'

/** Samples a second of the tunes. */
export const TUNE_RATE = 11_025
/** Seconds of a tune. */
export const TUNE_SECONDS = 9

const tunes = new Map<number, Float32Array>()

/** Tune `i`: two voices of decaying notes, at most 1 in amplitude. Not to be changed. */
export function tune(i: number): Float32Array {
  const known = tunes.get(i)
  if (known) return known
  const random = randomFrom(Math.imul(i + 1, 0x9e3779b1))
  const samples = new Float32Array(TUNE_SECONDS * TUNE_RATE)
  for (const voice of [0, 1]) for (let at = 0; at < samples.length; ) at = addNote(samples, at, voice, random)
  tunes.set(i, samples)
  return samples
}

function addNote(samples: Float32Array, at: number, voice: number, random: Random): number {
  const length = Math.round((0.08 + 0.3 * random.uniform()) * TUNE_RATE)
  const turn = (2 * Math.PI * 250 * (voice + 1) * 2 ** (2 * random.uniform())) / TUNE_RATE
  const loudness = 0.1 + 0.15 * random.uniform()
  const end = Math.min(samples.length, at + length)
  for (let n = at; n < end; n++) {
    const t = n - at
    samples[n]! += loudness * Math.min(1, t / 50) * Math.exp((-3 * t) / length) * (Math.sin(turn * t) + 0.5 * Math.sin(2 * turn * t))
  }
  return at + length
}
