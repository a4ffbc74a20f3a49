// Noise for recordings: white, pink, and any sound mixed in at a given signal-to-noise ratio.

import type { Random } from '@cbir/conformance'

/** Gaussian white noise. */
export function whiteNoise(length: number, random: Random): Float32Array {
  return Float32Array.from({ length }, () => random.normal())
}

/** Below this pink noise falls off, so that its power is where a recording can have some. */
const LOWEST_HZ = 20
/** Poles of the sum of one-pole filters, a factor of 3 apart, that falls by 3 dB an octave within 0.3 dB. */
const POLES = 6
const FACTOR = 3

/** Gaussian noise with 3 dB less power an octave, from 20 Hz up. */
export function pinkNoise(length: number, sampleRate: number, random: Random): Float32Array {
  const state = new Float64Array(POLES)
  const decay = Float64Array.from({ length: POLES }, (_, i) => Math.exp((-2 * Math.PI * LOWEST_HZ * FACTOR ** i) / sampleRate))
  // With gain proportional to the root of its corner, each filter adds the same power: that of 1/f.
  const gain = Float64Array.from(decay, (d, i) => (1 - d) / Math.sqrt(FACTOR ** i))
  const out = new Float32Array(length)
  const warmUp = Math.round(sampleRate / 4)
  for (let n = -warmUp; n < length; n++) {
    const white = random.normal()
    let sum = 0
    for (let i = 0; i < POLES; i++) {
      state[i] = decay[i]! * state[i]! + gain[i]! * white
      sum += state[i]!
    }
    if (n >= 0) out[n] = sum
  }
  return out
}

/** `signal` with `noise` added so that the ratio of their powers is `snr` dB. */
export function mixed(signal: Float32Array, noise: Float32Array, snr: number): Float32Array {
  const amplitude = Math.sqrt(power(signal) / power(noise)) * 10 ** (-snr / 20)
  return signal.map((value, n) => value + amplitude * noise[n]!)
}

function power(samples: Float32Array): number {
  return samples.reduce((sum, value) => sum + value * value, 0) / samples.length
}
