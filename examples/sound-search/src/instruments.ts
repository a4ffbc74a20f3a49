// Tones of a few instruments, made from their overtones and envelopes; no two are alike.

import { access, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { wavFile } from './wav-file.ts'

const RATE = 22_050
const NOTES = 3

interface Instrument {
  /** Strength of each overtone, the first one first. */
  readonly overtones: readonly number[]
  /** How far overtones are from whole multiples: bells and plates ring that way. */
  readonly stretch: number
  /** Loudness at `t` seconds of a note that lasts `length`. */
  readonly envelope: (t: number, length: number) => number
  /** Share of noise, such as breath. */
  readonly noise: number
  /** Depth of vibrato in semitones. */
  readonly vibrato: number
}

const held = (attack: number) => (t: number, length: number) => Math.min(1, t / attack, (length - t) / 0.08)
const struck = (decay: number) => (t: number) => Math.min(1, t / 0.004) * Math.exp(-t / decay)

export const INSTRUMENTS: Readonly<Record<string, Instrument>> = {
  flute: { overtones: [1, 0.25, 0.08, 0.02], stretch: 0, envelope: held(0.12), noise: 0.04, vibrato: 0.2 },
  organ: { overtones: [1, 0.8, 0.1, 0.6, 0.05, 0.3, 0, 0.4], stretch: 0, envelope: held(0.02), noise: 0, vibrato: 0 },
  trumpet: { overtones: [0.5, 0.8, 1, 0.9, 0.7, 0.5, 0.4, 0.3, 0.2], stretch: 0, envelope: held(0.05), noise: 0.01, vibrato: 0.1 },
  guitar: { overtones: [1, 0.6, 0.4, 0.25, 0.15, 0.1], stretch: 0.0005, envelope: struck(0.5), noise: 0.005, vibrato: 0 },
  bell: { overtones: [1, 0.7, 0.5, 0.4, 0.3], stretch: 0.18, envelope: struck(0.9), noise: 0, vibrato: 0 },
  clarinet: { overtones: [1, 0.03, 0.7, 0.03, 0.45, 0.02, 0.25], stretch: 0, envelope: held(0.06), noise: 0.02, vibrato: 0.05 },
}

/** Numbers from 0 to 1 that follow from a seed. */
function random(seed: number): () => number {
  let state = (Math.imul(seed + 1, 2_654_435_761) ^ 0x9e3779b9) >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** A few notes; pitch, length and loudness follow from the number. */
export function play({ overtones, stretch, envelope, noise, vibrato }: Instrument, number: number): Float32Array {
  const chance = random(number)
  const parts: Float32Array[] = []
  for (let note = 0; note < NOTES; note++) {
    const hertz = 196 * 2 ** (Math.floor(chance() * 20) / 12)
    const length = 0.5 + 0.5 * chance()
    const loud = 0.15 + 0.2 * chance()
    const samples = new Float32Array(Math.round(length * RATE))
    let phase = 0
    for (let i = 0; i < samples.length; i++) {
      const t = i / RATE
      phase += (2 * Math.PI * hertz * 2 ** ((vibrato * Math.sin(2 * Math.PI * 5.5 * t)) / 12)) / RATE
      let sum = noise * (2 * chance() - 1)
      for (const [k, strength] of overtones.entries()) sum += strength * Math.sin((k + 1) * (1 + stretch * k) * phase)
      samples[i] = loud * sum * envelope(t, length) * 0.5
    }
    parts.push(samples)
  }
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Writes `each` recordings of every instrument as `<instrument>-<number>.wav`, those that are not there yet. */
export async function makeInstrumentSet(folder: string, each: number): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [i, [name, instrument]] of Object.entries(INSTRUMENTS).entries()) {
    for (let number = 0; number < each; number++) {
      const file = join(folder, `${name}-${number}.wav`)
      if (
        await access(file).then(
          () => true,
          () => false,
        )
      )
        continue
      await writeFile(`${file}.part`, wavFile(play(instrument, 100 * i + number), RATE))
      await rename(`${file}.part`, file)
    }
  }
}
