// Other music: pieces of four kinds that the first generator does not make, by other means (frequency modulation, inharmonic strings, distortion), so that
// what holds for one generator is seen to hold for another.

import type { Random } from '@cbir/conformance'
import { derivedRandom } from './generated-music.ts'

/** Slow chords without a beat; one voice alone; a dense mix, heavily compressed; a few notes of a piano. */
export const MUSIC_KINDS = ['pads', 'solo', 'loud', 'sparse'] as const
export type MusicKind = (typeof MUSIC_KINDS)[number]

export interface OtherMusicOptions {
  readonly sampleRate: number
  readonly seconds: number
}

const MINOR = [0, 2, 3, 5, 7, 8, 10]
const PENTATONIC = [0, 3, 5, 7, 10]
const PEAK = 0.8

type Player = (out: Float32Array, sampleRate: number, random: Random) => void
const PLAYERS: Readonly<Record<MusicKind, Player>> = { pads, solo, loud, sparse }

/** Piece `i` of a kind, mono, 0.8 in amplitude. */
export function otherPiece(kind: MusicKind, seed: number, i: number, { sampleRate, seconds }: OtherMusicOptions): Float32Array {
  const out = new Float32Array(Math.round(seconds * sampleRate))
  PLAYERS[kind](out, sampleRate, derivedRandom(seed + MUSIC_KINDS.indexOf(kind), i))
  const loudest = out.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9)
  return out.map((value) => (value * PEAK) / loudest)
}

const between = (random: Random, low: number, high: number): number => low + (high - low) * random.uniform()
const hertz = (pitch: number): number => 440 * 2 ** ((pitch - 69) / 12)
/** The note `step` steps above a root, in a scale. */
const inScale = (root: number, scale: readonly number[], step: number): number =>
  root + 12 * Math.floor(step / scale.length) + scale[((step % scale.length) + scale.length) % scale.length]!

/** Chords by frequency modulation: each voice swells, sounds for seconds, and is two that are a little out of tune. */
function pads(out: Float32Array, sampleRate: number, random: Random): void {
  const root = between(random, 45, 57)
  const ratio = [1, 2, 3, 0.5, 1.41][random.integer(5)]!
  const depth = between(random, 0.5, 3)
  const shimmer = between(random, 0.1, 0.6)
  for (let at = 0; at < out.length / sampleRate; at += between(random, 1.5, 4)) {
    const degree = random.integer(7)
    for (const third of [0, 2, 4, 6].slice(0, 3 + random.integer(2))) {
      const length = between(random, 3, 6)
      const rise = between(random, 0.4, 1.2)
      for (const away of [-0.05, 0.05]) {
        const turn = (2 * Math.PI * hertz(inScale(root, MINOR, degree + third) + away)) / sampleRate
        const begin = Math.round((at + 0.1 * random.uniform()) * sampleRate)
        const end = Math.min(out.length, begin + Math.round(length * sampleRate))
        const phase = 2 * Math.PI * random.uniform()
        for (let n = begin; n < end; n++) {
          const t = (n - begin) / sampleRate
          const swell = Math.min(1, t / rise, (length - t) / rise)
          const index = depth * (1 + 0.5 * Math.sin(2 * Math.PI * shimmer * t + phase))
          out[n]! += 0.1 * swell * Math.sin(turn * (n - begin) + phase + index * Math.sin(turn * ratio * (n - begin)))
        }
      }
    }
  }
}

/** A melody of one voice with vibrato, slides from note to note, rests and breath. */
function solo(out: Float32Array, sampleRate: number, random: Random): void {
  const root = between(random, 55, 67)
  const vibrato = between(random, 4.5, 6.5)
  const width = between(random, 0.1, 0.4)
  const harmonics = Array.from({ length: 8 }, (_, h) => between(random, 0.3, 1) / (h + 1))
  let step = random.integer(5)
  let pitch = inScale(root, PENTATONIC, step)
  let phase = 0
  for (let begin = 0; begin < out.length; ) {
    const length = [0.15, 0.25, 0.4, 0.8, 1.2][random.integer(5)]! * between(random, 0.8, 1.25)
    const end = Math.min(out.length, begin + Math.round(length * sampleRate))
    const rests = random.uniform() < 0.12
    step = Math.max(-5, Math.min(10, step + random.integer(7) - 3))
    const wanted = inScale(root, PENTATONIC, step)
    const loudness = between(random, 0.5, 1)
    for (let n = begin; n < end && !rests; n++) {
      const t = (n - begin) / sampleRate
      pitch += (wanted - pitch) * Math.min(1, 40 / sampleRate)
      const wave = width * Math.min(1, t / 0.3) * Math.sin(2 * Math.PI * vibrato * t)
      phase += (2 * Math.PI * hertz(pitch + wave)) / sampleRate
      const shape = loudness * Math.min(1, t / 0.03, (length - t) / 0.03)
      let sum = 0.03 * random.normal()
      for (const [h, strength] of harmonics.entries()) if (hertz(pitch) * (h + 1) < 0.45 * sampleRate) sum += strength * Math.sin((h + 1) * phase)
      out[n]! += shape * sum
    }
    begin = Math.max(end, begin + 1)
  }
}

/** Distorted fifths, a bass and drums on sixteenths, all through a compressor that leaves hardly any dynamics. */
function loud(out: Float32Array, sampleRate: number, random: Random): void {
  const sixteenth = 60 / between(random, 100, 180) / 4
  const root = between(random, 38, 46)
  const riff = Array.from({ length: 16 }, () => random.integer(7))
  const drive = between(random, 3, 9)
  const guitar = new Float32Array(out.length)
  for (let step = 0; step * sixteenth < out.length / sampleRate; step++) {
    const begin = Math.round((step * sixteenth + 0.004 * random.normal()) * sampleRate)
    const first = Math.max(0, begin)
    const end = Math.min(out.length, begin + Math.round(sixteenth * 1.1 * sampleRate))
    // Every fourth bar is played another way.
    const note = inScale(root, MINOR, Math.floor(step / 16) % 4 === 3 ? random.integer(7) : riff[step % 16]!)
    for (const [interval, strength] of [
      [0, 1],
      [7, 0.8],
      [12, 0.5],
    ] as const) {
      const turn = (2 * Math.PI * hertz(note + interval)) / sampleRate
      for (let n = first; n < end; n++) guitar[n]! += strength * Math.sin(turn * (n - begin)) * Math.exp((-6 * (n - begin)) / sampleRate)
    }
    const snare = step % 8 === 4
    const kick = step % 4 === 0 && !snare
    for (let n = first; n < Math.min(out.length, first + 0.12 * sampleRate); n++) {
      const t = (n - first) / sampleRate
      if (kick) out[n]! += 1.2 * Math.sin(2 * Math.PI * (50 * t - 3 * Math.exp(-t * 40))) * Math.exp(-t * 25)
      if (snare) out[n]! += 0.7 * random.normal() * Math.exp(-t * 30)
      out[n]! += 0.15 * random.normal() * Math.exp(-t * 120)
    }
  }
  let level = 0
  for (let n = 0; n < out.length; n++) {
    const value = out[n]! + 0.8 * Math.tanh(drive * guitar[n]!)
    level = Math.max(Math.abs(value), level * Math.exp(-30 / sampleRate))
    out[n] = Math.tanh((1.5 * value) / (0.2 + level))
  }
}

/** Strings whose partials are a little sharp and die away the faster the higher they are; seconds may pass between two notes. */
function sparse(out: Float32Array, sampleRate: number, random: Random): void {
  const root = between(random, 48, 60)
  const stretch = between(random, 1e-4, 8e-4)
  for (let at = 0; at < out.length / sampleRate; at += random.uniform() < 0.3 ? between(random, 1, 2.5) : between(random, 0.3, 0.9)) {
    for (let voice = 0; voice < 1 + random.integer(2); voice++) {
      const base = hertz(inScale(root, MINOR, random.integer(21) - 4))
      const loudness = between(random, 0.2, 1)
      const begin = Math.round(at * sampleRate)
      for (let h = 1; h <= 10; h++) {
        const frequency = base * h * Math.sqrt(1 + stretch * h * h)
        if (frequency > 0.45 * sampleRate) break
        const turn = (2 * Math.PI * frequency) / sampleRate
        const decay = 0.6 + 0.35 * h
        const end = Math.min(out.length, begin + Math.round((5 / decay) * sampleRate))
        const strength = (loudness * between(random, 0.5, 1)) / h ** 1.3
        for (let n = begin; n < end; n++) {
          const t = (n - begin) / sampleRate
          out[n]! += strength * Math.min(1, t / 0.004) * Math.exp(-decay * t) * Math.sin(turn * (n - begin))
        }
      }
    }
  }
}
