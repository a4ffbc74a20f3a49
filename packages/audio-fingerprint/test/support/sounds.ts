// Sounds for tests: melodies that no two seeds share, noise, and fingerprints without sound.

import type { Fingerprint } from '../../src/landmarks.ts'
import { randomFrom } from './random.ts'

/** Notes of random length and pitch in two voices, the same music at any rate. */
export function melody(seed: number, seconds: number, sampleRate = 11_025): Float32Array {
  const random = randomFrom(seed)
  const samples = new Float32Array(Math.round(seconds * sampleRate))
  for (const voice of [1, 2]) {
    for (let at = 0; at < seconds; ) {
      const length = 0.08 + 0.3 * random()
      const turn = 2 * Math.PI * 220 * voice * 2 ** (2 * random())
      const loudness = 0.1 + 0.2 * random()
      const first = Math.ceil(at * sampleRate)
      for (let n = first; n < Math.min(samples.length, (at + length) * sampleRate); n++) {
        const t = n / sampleRate - at
        samples[n]! += loudness * Math.min(1, t * 200) * Math.exp((-3 * t) / length) * (Math.sin(turn * t) + 0.5 * Math.sin(2 * turn * t))
      }
      at += length
    }
  }
  return samples
}

/** The samples with white noise of a power `snr` dB below theirs. */
export function noisy(samples: Float32Array, snr: number, seed: number): Float32Array {
  const random = randomFrom(seed)
  const power = samples.reduce((sum, x) => sum + x * x, 0) / samples.length
  // Uniform noise of width w has the power w²/12.
  const width = Math.sqrt(12 * power * 10 ** (-snr / 10))
  return samples.map((x) => x + width * (random() - 0.5))
}

/** Landmarks of a recording that nobody has heard. */
export function fingerprintOf(seed: number, count: number): Fingerprint {
  const random = randomFrom(seed)
  const frames = Uint32Array.from({ length: count }, () => Math.floor(random() * 1000)).sort()
  const numbers = Uint32Array.from(frames, () => Math.floor(random() * 2000) * 3001)
  const peaks = new Uint32Array([...new Set(Array.from(frames, (frame) => frame * 512 + Math.floor(random() * 476)))]).sort()
  return { numbers, frames, peaks, frameCount: 1000 + (seed % 100) }
}
