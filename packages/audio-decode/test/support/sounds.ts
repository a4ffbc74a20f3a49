// Sounds for tests: made of a seed, so that they are the same in every run.

import { int16, wavFile } from './wav-writer.ts'

/** Uniform numbers from 0 to 1 (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Gliding tones and some noise, another mixture in every channel. */
export function sound(seconds: number, sampleRate: number, channels: number, seed = 1): Float32Array[] {
  const random = randomNumbers(seed)
  return Array.from({ length: channels }, (_, c) =>
    Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => {
      const t = i / sampleRate
      const glide = Math.sin(2 * Math.PI * (200 + 60 * c + 90 * t) * t)
      return 0.4 * glide + 0.2 * Math.sin(2 * Math.PI * (700 + 100 * c) * t) + 0.02 * (random() - 0.5)
    }),
  )
}

export function soundFile(seconds: number, sampleRate: number, channels: number, seed = 1): Uint8Array<ArrayBuffer> {
  return wavFile(int16(sound(seconds, sampleRate, channels, seed)), { channels, sampleRate })
}
