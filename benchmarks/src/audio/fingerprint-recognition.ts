// Recognition: cuts of generated pieces, clean, in noise and among voices, which must be found, and foreign ones, which must not. The seeds are those of no
// calibration.

import { audioFingerprint } from '@cbir/audio-fingerprint'
import type { Random } from '@cbir/conformance'
import { atLeast, atMost, type Row } from '../row.ts'
import { mean, percentile } from '../stats.ts'
import { babble, talkers } from './babble.ts'
import { derivedRandom, generatedPiece, type MusicOptions } from './generated-music.ts'
import { mixed, pinkNoise, whiteNoise } from './noise.ts'

export const SAMPLE_RATE = 11_025
/** Recordings in a matcher. */
export const PIECES = 100
export const PIECE_SECONDS = 30
export const CUT: number = 5 * SAMPLE_RATE
/** Which draw of pieces, places and noise: 0, or another whole number in the environment, for who doubts that the figures hold for more than one. */
const DRAW = Number(process.env['CBIR_BENCHMARK_DRAW'] ?? 0)
/** Seeds of the pieces, of the foreign cuts, and of places and noise. */
export const SEEDS: { readonly pieces: number; readonly foreign: number; readonly noise: number } = {
  pieces: 7301 + 17 * DRAW,
  foreign: 8301 + 17 * DRAW,
  noise: 9301 + 17 * DRAW,
}
const FOREIGN = 500
const WITHIN_SECONDS = 0.1
const MOST_FALSE = 1

/** Pieces that share nothing, or tuning and drum samples. */
export type PieceSet = 'pieces' | 'same-studio'

interface Condition {
  readonly name: string
  readonly snr: number
  /** As many samples as a cut has. */
  readonly noise: ((random: Random) => Float32Array) | undefined
  /** Share of cuts that must be found. */
  readonly wanted: Readonly<Record<PieceSet, number>>
}

async function allConditions(): Promise<Condition[]> {
  const voices = await talkers('test', SAMPLE_RATE)
  const stationary = {
    white: (random: Random) => whiteNoise(CUT, random),
    pink: (random: Random) => pinkNoise(CUT, SAMPLE_RATE, random),
  }
  const around = (random: Random): Float32Array => babble(voices, CUT, random)
  return [
    { name: 'clean', snr: 0, noise: undefined, wanted: { pieces: 0.99, 'same-studio': 0.98 } },
    ...Object.entries(stationary).flatMap(([name, noise]): Condition[] => [
      { name: `${name}.10dB`, snr: 10, noise, wanted: { pieces: 0.99, 'same-studio': 0.98 } },
      { name: `${name}.0dB`, snr: 0, noise, wanted: { pieces: 0.95, 'same-studio': 0.87 } },
      { name: `${name}.-5dB`, snr: -5, noise, wanted: { pieces: 0.8, 'same-studio': 0.48 } },
    ]),
    { name: 'babble.10dB', snr: 10, noise: around, wanted: { pieces: 0.99, 'same-studio': 0.98 } },
    { name: 'babble.0dB', snr: 0, noise: around, wanted: { pieces: 0.9, 'same-studio': 0.87 } },
  ]
}

/** The rows of one set, in every condition. */
export async function recognition(set: PieceSet): Promise<Row[]> {
  const music: MusicOptions = { sampleRate: SAMPLE_RATE, seconds: PIECE_SECONDS, sameStudio: set === 'same-studio' }
  const pieces = Array.from({ length: PIECES }, (_, i) => generatedPiece(SEEDS.pieces, i, music))
  const foreign = Array.from({ length: FOREIGN }, (_, i) =>
    generatedPiece(SEEDS.foreign, PIECES + i, { ...music, seconds: 8 }).slice(SAMPLE_RATE, SAMPLE_RATE + CUT),
  )
  const matcher = await audioFingerprint({})
  await matcher.addMany(pieces.map((samples, i) => ({ id: String(i), sound: { samples, sampleRate: SAMPLE_RATE } })))
  const rows: Row[] = []
  for (const [c, { name, snr, noise, wanted }] of (await allConditions()).entries()) {
    const random = derivedRandom(SEEDS.noise, c)
    const noisy = (cut: Float32Array): Float32Array => (noise ? mixed(cut, noise(random), snr) : cut)
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
      `${PIECES} generated pieces of ${PIECE_SECONDS} s, a cut of 5 s of each; found at another place or in another piece ${wrong}; offset wrong by ` +
      `${(1000 * mean(errors)).toFixed(1)} ms on average, ${(1000 * Math.max(...errors)).toFixed(0)} at most; lowest tenth of confidence ${percentile(confidences, 0.1).toFixed(3)}`
    rows.push(
      atLeast(`fingerprints.${set}.${name}`, errors.length / PIECES, wanted[set], 'right', how),
      atMost(`fingerprints.${set}.${name}.false`, falsely, MOST_FALSE, `of ${FOREIGN}`, `${FOREIGN} cuts of pieces that are not in there`),
    )
  }
  await matcher.dispose()
  return rows
}
