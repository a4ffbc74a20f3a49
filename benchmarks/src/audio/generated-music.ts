// Generated music: pieces that differ as real ones do (tempo, key, tuning, timbre, drums, timing) and are alike as real ones are (scales, loops,
// repeated bars). From a seed, so that everybody measures the same.

import { type Random, randomFrom } from '@cbir/conformance'

/** How a set of pieces is made. */
export interface MusicOptions {
  /** Samples a second. */
  readonly sampleRate: number
  /** Length of each piece in seconds. */
  readonly seconds: number
  /** Whether all pieces share tuning and drum samples, as productions of one studio do. */
  readonly sameStudio?: boolean | undefined
}

/** What stands for a whole piece; the rest is drawn while it is played. */
interface Score {
  /** Seconds from beat to beat. */
  readonly beat: number
  /** Semitones above C. */
  readonly key: number
  /** Semitones away from 440 Hz. */
  readonly tuning: number
  readonly instruments: readonly Instrument[]
  readonly drums: Drums
  readonly chords: readonly number[]
  readonly melody: readonly number[]
  /** Standard deviation of when a note begins, in seconds. */
  readonly looseness: number
}

interface Instrument {
  /** Amplitude of each harmonic. */
  readonly harmonics: readonly number[]
  /** Decay in 1/s. */
  readonly decay: number
  /** Seconds until full amplitude. */
  readonly attack: number
}

interface Drums {
  readonly kick: Float32Array
  readonly snare: Float32Array
  readonly hat: Float32Array
  /** Whether the hat is played on each eighth of a bar. */
  readonly hatPattern: readonly boolean[]
}

const SCALE = [0, 2, 4, 5, 7, 9, 11]
const BEATS_A_BAR = 4
const LOOP_NOTES = 16
/** The pieces of a set that share tempo and key. */
const ALIKE = 12
const STUDIO_SEED = 71

/** A generator of its own for each part of each piece. */
export function derivedRandom(seed: number, part: number): Random {
  return randomFrom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(part + 1, 0x85ebca6b))
}

/** Piece `i` of a set, mono, at most 0.8 in amplitude. Of a set the first dozen share tempo and key. */
export function generatedPiece(seed: number, i: number, options: MusicOptions): Float32Array {
  const random = derivedRandom(seed, i)
  const common = i < ALIKE ? derivedRandom(seed, -2) : random
  return play(composed(random, common, options), random, options)
}

const between = (random: Random, low: number, high: number): number => low + (high - low) * random.uniform()

function composed(random: Random, common: Random, { sampleRate, sameStudio = false }: MusicOptions): Score {
  const beat = 60 / between(common, 80, 150)
  const key = common.integer(12)
  const studio = sameStudio ? randomFrom(STUDIO_SEED) : random
  return {
    beat,
    key,
    tuning: sameStudio ? 0 : between(random, -0.5, 0.5),
    instruments: Array.from({ length: 3 }, () => instrument(random)),
    drums: drums(studio, random, sampleRate),
    chords: Array.from({ length: 4 }, () => random.integer(7)),
    melody: Array.from({ length: LOOP_NOTES }, () => random.integer(14)),
    looseness: between(random, 0.002, 0.012),
  }
}

function instrument(random: Random): Instrument {
  const tilt = between(random, 0.5, 1.6)
  const hollow = between(random, 0.3, 1)
  const harmonics = Array.from({ length: 4 + random.integer(6) }, (_, h) => (h + 1) ** -tilt * (h % 2 === 1 ? hollow : 1) * between(random, 0.6, 1.2))
  return { harmonics, decay: between(random, 1, 6), attack: between(random, 0.003, 0.03) }
}

function drums(studio: Random, random: Random, sampleRate: number): Drums {
  const sweepFrom = between(studio, 40, 160)
  const sweepTo = between(studio, 35, 75)
  const sweep = between(studio, 10, 40)
  const kick = new Float32Array(Math.round(0.2 * sampleRate))
  let phase = 0
  for (let n = 0; n < kick.length; n++) {
    const t = n / sampleRate
    phase += (2 * Math.PI * (sweepTo + sweepFrom * Math.exp(-t * sweep))) / sampleRate
    kick[n] = 0.6 * Math.sin(phase) * Math.exp(-t * 18)
  }
  const tone = between(studio, 150, 260)
  const snareDecay = between(studio, 18, 40)
  const snare = new Float32Array(Math.round(0.15 * sampleRate))
  for (let n = 0; n < snare.length; n++) {
    const t = n / sampleRate
    snare[n] = (0.25 * studio.normal() + 0.15 * Math.sin(2 * Math.PI * tone * t)) * Math.exp(-t * snareDecay)
  }
  const hat = new Float32Array(Math.round(0.05 * sampleRate))
  let before = 0
  for (let n = 0; n < hat.length; n++) {
    const noise = studio.normal()
    hat[n] = 0.06 * (noise - before) * Math.exp((-n / sampleRate) * 80)
    before = noise
  }
  return { kick, snare, hat, hatPattern: Array.from({ length: 2 * BEATS_A_BAR }, () => random.uniform() < 0.7) }
}

/** Plays a score to the end; every hand is a little early or late, louder or softer. */
function play(score: Score, random: Random, { sampleRate, seconds }: MusicOptions): Float32Array {
  const { beat, key, tuning, instruments, chords, melody, looseness } = score
  const length = Math.round(seconds * sampleRate)
  const out = new Float32Array(length)
  const late = (): number => looseness * random.normal()
  const touch = (): number => between(random, 0.75, 1.25)
  const note = (which: number, pitch: number, at: number, duration: number, amplitude: number): void => {
    const frequency = 440 * 2 ** ((pitch + tuning - 69) / 12)
    addNote(out, instruments[which]!, frequency, Math.max(0, at + late()), 1.6 * duration, amplitude * touch(), sampleRate, random)
  }
  const hit = (drum: Float32Array, at: number): void => addSamples(out, drum, Math.max(0, Math.round((at + late() / 2) * sampleRate)), touch())
  for (let b = 0; b * beat < seconds; b++) {
    const at = b * beat
    const degree = chords[Math.floor(b / BEATS_A_BAR) % chords.length]!
    const root = 48 + key + SCALE[degree]!
    if (b % BEATS_A_BAR === 0) for (const interval of [0, 4, 7]) note(0, root + interval + 12, at, beat * BEATS_A_BAR, 0.25)
    note(1, b % 2 === 0 ? root - 12 : root - 5, at, beat, 0.5)
    for (let half = 0; half < 2; half++) {
      if (random.uniform() < 0.8) {
        const step = random.uniform() < 0.7 ? melody[(b * 2 + half) % LOOP_NOTES]! : random.integer(14)
        note(2, 60 + key + 12 * Math.floor(step / 7) + SCALE[step % 7]!, at + (half * beat) / 2, beat / 2, 0.4)
      }
      if (score.drums.hatPattern[(b * 2 + half) % (2 * BEATS_A_BAR)]) hit(score.drums.hat, at + (half * beat) / 2)
    }
    hit(score.drums.kick, at)
    if (b % 2 === 1) hit(score.drums.snare, at)
  }
  const loudest = out.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9)
  return out.map((value) => (value * 0.8) / loudest)
}

/** Adds a decaying sum of harmonics, each a rotating phasor. */
function addNote(
  out: Float32Array,
  { harmonics, decay, attack }: Instrument,
  frequency: number,
  at: number,
  duration: number,
  amplitude: number,
  sampleRate: number,
  random: Random,
): void {
  const start = Math.round(at * sampleRate)
  const end = Math.min(out.length, start + Math.round(duration * sampleRate))
  const rise = 1 / (attack * sampleRate)
  for (const [h, strength] of harmonics.entries()) {
    const f = frequency * (h + 1)
    const phase = 2 * Math.PI * random.uniform()
    if (f > 0.475 * sampleRate) continue
    const turn = (2 * Math.PI * f) / sampleRate
    const fade = Math.exp(-decay / sampleRate)
    const c = fade * Math.cos(turn)
    const s = fade * Math.sin(turn)
    let re = amplitude * strength * Math.cos(phase)
    let im = amplitude * strength * Math.sin(phase)
    for (let n = start; n < end; n++) {
      out[n]! += im * Math.min(1, (n - start) * rise)
      const next = re * c - im * s
      im = re * s + im * c
      re = next
    }
  }
}

function addSamples(out: Float32Array, samples: Float32Array, at: number, amplitude: number): void {
  const end = Math.min(out.length - at, samples.length)
  for (let n = 0; n < end; n++) out[at + n]! += amplitude * samples[n]!
}
