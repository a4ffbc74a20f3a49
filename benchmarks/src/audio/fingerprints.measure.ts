// Fingerprints: cuts of generated pieces in noise and among voices, and foreign ones, which must not be found. The seeds are those of no calibration.

import { type AudioFingerprint, audioFingerprint } from '@cbir/audio-fingerprint'
import type { Random } from '@cbir/conformance'
import { atLeast, atMost, type Row, shown } from '../row.ts'
import { mean, percentile } from '../stats.ts'
import { babble, talkers } from './babble.ts'
import { derivedRandom, generatedPiece, type MusicOptions } from './generated-music.ts'
import { mixed, pinkNoise, whiteNoise } from './noise.ts'

const SAMPLE_RATE = 11_025
const PIECES = 100
const SECONDS = 30
const FOREIGN = 500
const CUT = 5 * SAMPLE_RATE
const WITHIN_SECONDS = 0.1
const MOST_FALSE = 1
/** Seeds of the pieces, of the foreign cuts, and of places and noise. */
const SEEDS = { pieces: 7301, foreign: 8301, noise: 9301 }
/** For the growth of time and memory. */
const MANY = 10_000
const TIMED = 200

type Noise = (length: number, random: Random) => Float32Array

interface Condition {
  readonly name: string
  readonly snr: number
  readonly noise: Noise | undefined
  /** Share of cuts that must be found, in the first set and in the one that shares tuning and drums. */
  readonly wanted: readonly [number, number]
}

export async function measure(): Promise<Row[]> {
  const voices = await talkers('test', SAMPLE_RATE)
  const white: Noise = whiteNoise
  const pink: Noise = (length, random) => pinkNoise(length, SAMPLE_RATE, random)
  const voicesAround: Noise = (length, random) => babble(voices, length, random)
  const conditions: Condition[] = [
    { name: 'clean', snr: 0, noise: undefined, wanted: [0.99, 0.98] },
    ...[
      { name: 'white', noise: white },
      { name: 'pink', noise: pink },
    ].flatMap(({ name, noise }): Condition[] => [
      { name: `${name}.10dB`, snr: 10, noise, wanted: [0.99, 0.98] },
      { name: `${name}.0dB`, snr: 0, noise, wanted: [0.95, 0.87] },
      { name: `${name}.-5dB`, snr: -5, noise, wanted: [0.8, 0.48] },
    ]),
    { name: 'babble.10dB', snr: 10, noise: voicesAround, wanted: [0.99, 0.98] },
    { name: 'babble.0dB', snr: 0, noise: voicesAround, wanted: [0.9, 0.87] },
  ]
  return [
    ...(await recognition('pieces', { sampleRate: SAMPLE_RATE, seconds: SECONDS }, conditions, 0)),
    ...(await recognition('same-studio', { sampleRate: SAMPLE_RATE, seconds: SECONDS, sameStudio: true }, conditions, 1)),
    ...(await growth()),
  ]
}

async function recognition(set: string, options: MusicOptions, conditions: readonly Condition[], column: 0 | 1): Promise<Row[]> {
  const pieces = Array.from({ length: PIECES }, (_, i) => generatedPiece(SEEDS.pieces, i, options))
  const foreign = Array.from({ length: FOREIGN }, (_, i) =>
    generatedPiece(SEEDS.foreign, PIECES + i, { ...options, seconds: 8 }).subarray(SAMPLE_RATE, SAMPLE_RATE + CUT),
  )
  const matcher = await audioFingerprint({})
  await matcher.addMany(pieces.map((samples, i) => ({ id: String(i), sound: { samples, sampleRate: SAMPLE_RATE } })))
  const rows: Row[] = []
  for (const [c, { name, snr, noise, wanted }] of conditions.entries()) {
    const random = derivedRandom(SEEDS.noise, c)
    const noisy = (cut: Float32Array): Float32Array => (noise ? mixed(cut, noise(CUT, random), snr) : cut)
    const errors: number[] = []
    const confidences: number[] = []
    let wrong = 0
    for (const [i, piece] of pieces.entries()) {
      const from = random.integer(piece.length - CUT)
      const found = await matcher.match({ samples: noisy(piece.subarray(from, from + CUT)), sampleRate: SAMPLE_RATE })
      const error = found ? Math.abs(found.offset - from / SAMPLE_RATE) : Number.POSITIVE_INFINITY
      if (found?.id === String(i) && error <= WITHIN_SECONDS) {
        errors.push(error)
        confidences.push(found.confidence)
      } else if (found) wrong++
    }
    let falsely = 0
    for (const cut of foreign) if (await matcher.match({ samples: noisy(cut), sampleRate: SAMPLE_RATE })) falsely++
    const how =
      `${PIECES} generated pieces of ${SECONDS} s, a cut of 5 s of each; found at another place or in another piece ${wrong}; offset wrong by ` +
      `${(1000 * mean(errors)).toFixed(1)} ms on average, ${(1000 * Math.max(...errors)).toFixed(0)} at most; lowest tenth of confidence ${percentile(confidences, 0.1).toFixed(3)}`
    rows.push(
      atLeast(`fingerprints.${set}.${name}`, errors.length / PIECES, wanted[column], 'right', how),
      atMost(`fingerprints.${set}.${name}.false`, falsely, MOST_FALSE, `of ${FOREIGN}`, `${FOREIGN} cuts of pieces that are not in there`),
    )
  }
  await matcher.dispose()
  return rows
}

/** Time and memory for a hundred and for ten thousand recordings. */
async function growth(): Promise<Row[]> {
  const options = { sampleRate: SAMPLE_RATE, seconds: SECONDS }
  const cuts = Array.from({ length: TIMED }, (_, i) => {
    const from = derivedRandom(SEEDS.noise, i).integer(20 * SAMPLE_RATE)
    return generatedPiece(SEEDS.pieces, i % PIECES, options).slice(from, from + CUT)
  })
  const matcher = await audioFingerprint({})
  const rows: Row[] = []
  let adding = 0
  for (const size of [PIECES, MANY]) {
    globalThis.gc?.()
    // Pieces are made of those that there are, with others' parts behind theirs: quickly made, and no two alike.
    const began = performance.now()
    await fill(matcher, size, options)
    adding += performance.now() - began
    const times: number[] = []
    let right = 0
    for (const [i, samples] of cuts.entries()) {
      const at = performance.now()
      const found = await matcher.match({ samples, sampleRate: SAMPLE_RATE })
      times.push(performance.now() - at)
      if (found?.id === String(i % PIECES)) right++
    }
    globalThis.gc?.()
    const { arrayBuffers } = process.memoryUsage()
    const hours = (size * SECONDS) / 3600
    const how = `${size} recordings of ${SECONDS} s, ${TIMED} cuts of 5 s, ${right} right; p95 ${percentile(times, 0.95).toFixed(1)} ms; ${(adding / hours / 1000).toFixed(2)} s to add an hour`
    rows.push(
      shown(`fingerprints.match.${size}`, percentile(times, 0.5), 'ms', how),
      shown(`fingerprints.memory.${size}`, arrayBuffers / 1e6 / hours, 'MB an hour', `all typed arrays of the process, ${hours.toFixed(1)} hours`),
    )
  }
  await matcher.dispose()
  return rows
}

/** Recordings until there are `size`: the pieces, and then halves of two of many, one of them played at another pitch. */
async function fill(matcher: AudioFingerprint, size: number, options: MusicOptions): Promise<void> {
  const base = Array.from({ length: PIECES }, (_, i) => generatedPiece(SEEDS.pieces, i, options))
  const more = Array.from({ length: PIECES }, (_, i) => generatedPiece(SEEDS.foreign, i, options))
  const half = (options.seconds * options.sampleRate) / 2
  for (let i = matcher.count; i < size; i++) {
    const samples = i < PIECES ? base[i]! : new Float32Array(2 * half)
    let sampleRate = options.sampleRate
    if (i >= PIECES) {
      const random = derivedRandom(SEEDS.foreign, -i)
      sampleRate = Math.round(sampleRate * (0.8 + 0.4 * random.uniform()))
      for (const at of [0, half]) {
        const from = random.integer(half)
        samples.set(more[random.integer(PIECES)]!.subarray(from, from + half), at)
      }
    }
    await matcher.add(String(i), { samples, sampleRate })
  }
}
