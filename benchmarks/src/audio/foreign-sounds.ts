// Foreign sounds: what a microphone hears that is no recording of the catalogue: speech, silence, tones, noise, clicks, loops of drums.

import type { Random } from '@cbir/conformance'
import type { Talkers } from './babble.ts'
import { pinkNoise, whiteNoise } from './noise.ts'

type Sound = (length: number, sampleRate: number, random: Random) => Float32Array

const drawn = (length: number, sampleRate: number, value: (t: number) => number): Float32Array =>
  Float32Array.from({ length }, (_, n) => value(n / sampleRate))

export const FOREIGN_SOUNDS: Readonly<Record<string, Sound>> = {
  silence: (length) => new Float32Array(length),
  'faint noise': (length, _, random) => whiteNoise(length, random).map((value) => 1e-4 * value),
  'white noise': (length, _, random) => whiteNoise(length, random),
  'pink noise': pinkNoise,
  tone(length, sampleRate, random) {
    const turn = 2 * Math.PI * 60 * 2 ** (6 * random.uniform())
    return drawn(length, sampleRate, (t) => 0.5 * Math.sin(turn * t))
  },
  chord(length, sampleRate, random) {
    const root = 100 * 2 ** (2 * random.uniform())
    return drawn(length, sampleRate, (t) => [1, 1.26, 1.5, 2].reduce((sum, ratio) => sum + 0.15 * Math.sin(2 * Math.PI * root * ratio * t), 0))
  },
  hum(length, sampleRate, random) {
    const strengths = Array.from({ length: 12 }, () => random.uniform())
    const noise = whiteNoise(length, random)
    return drawn(length, sampleRate, (t) => strengths.reduce((sum, a, h) => sum + 0.05 * a * Math.sin(2 * Math.PI * 50 * (h + 1) * t), 0)).map(
      (value, n) => value + 0.01 * noise[n]!,
    )
  },
  sweep(length, sampleRate, random) {
    const [from, octaves] = [80 * 2 ** (2 * random.uniform()), 1 + 4 * random.uniform()]
    const rate = (octaves * sampleRate) / length
    return drawn(length, sampleRate, (t) => 0.5 * Math.sin((2 * Math.PI * from * (2 ** (rate * t) - 1)) / (rate * Math.LN2)))
  },
  clicks(length, sampleRate, random) {
    const out = new Float32Array(length)
    const gap = sampleRate * (0.05 + 0.5 * random.uniform())
    for (let at = gap * random.uniform(); at < length; at += gap) out[Math.floor(at)] = 1
    return out
  },
  'random clicks'(length, sampleRate, random) {
    const out = new Float32Array(length)
    for (let at = 0; at < length; at += Math.ceil(sampleRate * 0.3 * random.uniform())) out[at] = random.normal()
    return out
  },
  rain(length, sampleRate, random) {
    const out = pinkNoise(length, sampleRate, random).map((value) => 0.02 * value)
    for (let drop = 0; drop < (60 * length) / sampleRate; drop++) {
      const begin = random.integer(length)
      const turn = (2 * Math.PI * (800 + 3000 * random.uniform())) / sampleRate
      for (let n = begin; n < Math.min(length, begin + 0.02 * sampleRate); n++)
        out[n]! += 0.3 * Math.sin(turn * (n - begin)) * Math.exp((-300 * (n - begin)) / sampleRate)
    }
    return out
  },
  engine(length, sampleRate, random) {
    const turns = 20 + 60 * random.uniform()
    const noise = whiteNoise(length, random)
    let phase = 0
    return Float32Array.from({ length }, (_, n) => {
      phase += (turns * (1 + 0.1 * Math.sin((2 * Math.PI * 0.3 * n) / sampleRate))) / sampleRate
      const pulse = Math.exp(-8 * (phase % 1))
      return 0.4 * pulse + 0.1 * pulse * noise[n]!
    })
  },
  drums: (length, sampleRate, random) => drumLoop(length, sampleRate, random),
}

/** A bar of synthetic drums, the very same samples over and over. */
export function drumLoop(length: number, sampleRate: number, random: Random): Float32Array {
  const step = Math.round((sampleRate * 60) / (80 + 70 * random.uniform()) / 4)
  const bar = new Float32Array(16 * step)
  const add = (at: number, seconds: number, value: (t: number) => number): void => {
    for (let n = 0; n < seconds * sampleRate; n++) bar[(at + n) % bar.length]! += value(n / sampleRate)
  }
  for (let i = 0; i < 16; i++) {
    if (i % 4 === 0 || random.uniform() < 0.15)
      add(i * step, 0.2, (t) => 0.6 * Math.sin(2 * Math.PI * (50 * t - 2 * Math.exp(-40 * t))) * Math.exp(-18 * t))
    if (i % 8 === 4 || random.uniform() < 0.1) add(i * step, 0.15, (t) => 0.3 * random.normal() * Math.exp(-25 * t))
    if (random.uniform() < 0.7) add(i * step, 0.05, (t) => 0.1 * random.normal() * Math.exp(-80 * t))
  }
  return Float32Array.from({ length }, (_, n) => bar[n % bar.length]!)
}

/** One person who talks. */
export function speech({ speech: voices }: Talkers, length: number, random: Random): Float32Array {
  const voice = voices[random.integer(voices.length)]!
  const from = random.integer(voice.length - length)
  return voice.slice(from, from + length)
}
