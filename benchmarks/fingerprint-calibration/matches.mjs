// Matches for the calibration: cuts of generated pieces and foreign ones, in noise or not, asked for in matchers of several sizes; what was counted in each.

import { parentPort, workerData } from 'node:worker_threads'
import { coincidence } from '../../packages/audio-fingerprint/dist/coincidence.js'
import { featuresOf } from '../../packages/audio-fingerprint/dist/confidence.js'
import { fingerprint } from '../../packages/audio-fingerprint/dist/fingerprint.js'
import { tally } from '../../packages/audio-fingerprint/dist/offset-vote.js'
import { RecordingIndex } from '../../packages/audio-fingerprint/dist/recording-index.js'
import { FRAMES_A_SECOND, SAMPLE_RATE } from '../../packages/audio-fingerprint/dist/working-format.js'
import { babble, talkers } from '../dist/audio/babble.js'
import { derivedRandom, generatedPiece } from '../dist/audio/generated-music.js'
import { mixed, pinkNoise, whiteNoise } from '../dist/audio/noise.js'
import { MUSIC_KINDS, otherPiece } from '../dist/audio/other-music.js'

const SEEDS = { pieces: 12, foreign: 1012, noise: 17 }
const PIECES = 100
/** Of these, how many are asked for in each condition; and sounds that are in no matcher. */
const ASKED = 30
const FOREIGN = 60
const PIECE_SECONDS = 30
const CUT_SECONDS = [5, 3, 10]
const SIZES = [100, 10, 1]
const WITHIN_SECONDS = 0.1
const LONGEST = Math.max(...CUT_SECONDS) * SAMPLE_RATE

/** Piece `i` of the set: the generator's, those that share tuning and drum samples, or the other generator's, of each kind in turn. */
function pieceOf(seed, i, seconds) {
  const music = { sampleRate: SAMPLE_RATE, seconds, sameStudio: workerData === 'same-studio' }
  return workerData === 'other' ? otherPiece(MUSIC_KINDS[i % MUSIC_KINDS.length], seed, i, music) : generatedPiece(seed, i, music)
}
const voices = await talkers('calibration', SAMPLE_RATE)
const white = (random) => whiteNoise(LONGEST, random)
const pink = (random) => pinkNoise(LONGEST, SAMPLE_RATE, random)
const voicesAround = (random) => babble(voices, LONGEST, random)
const conditions = [
  { noise: undefined, snr: 0 },
  ...[white, pink].flatMap((noise) => [10, 0, -5].map((snr) => ({ noise, snr }))),
  ...[10, 0].map((snr) => ({ noise: voicesAround, snr })),
]

const landmarks = (samples, purpose) => fingerprint({ sampleRate: SAMPLE_RATE, chunks: [samples] }, purpose, {})

const pieces = Array.from({ length: PIECES }, (_, i) => pieceOf(SEEDS.pieces, i, PIECE_SECONDS))
const foreign = Array.from({ length: FOREIGN }, (_, i) =>
  pieceOf(SEEDS.foreign, 20 + i, 3 + LONGEST / SAMPLE_RATE).slice(SAMPLE_RATE, SAMPLE_RATE + LONGEST),
)
const prints = []
for (const piece of pieces) prints.push(await landmarks(piece, 'recording'))
const indexes = []
for (const size of SIZES) {
  const index = new RecordingIndex()
  for (let row = 0; row < size; row++) await index.add(row, prints[row])
  indexes.push({ size, index })
}

const matches = []

/** Asks for a sound that is piece `row` from `at` seconds on; row −1: none of them. */
async function ask(heard, row, at) {
  for (const seconds of CUT_SECONDS) {
    const sound = await landmarks(heard.subarray(0, seconds * SAMPLE_RATE), 'query')
    for (const { size, index } of indexes) {
      if (row >= size) continue
      const { candidates, chance } = await tally(index, sound)
      if (candidates.length === 0) continue
      const counted = []
      for (const candidate of candidates) {
        const { row: found, offset } = candidate
        const met = await coincidence(sound.peaks, index.peaks.get(found), offset, sound.frameCount, index.timeline.framesOf(found))
        const right = found === row && Math.abs(offset / FRAMES_A_SECOND - at) < WITHIN_SECONDS
        counted.push({ right, features: featuresOf(candidate, met, chance) })
      }
      matches.push({ size, foreign: row < 0, whole: seconds >= 5, candidates: counted })
    }
  }
}

for (const [c, { noise, snr }] of conditions.entries()) {
  const random = derivedRandom(SEEDS.noise, c)
  const noisy = (cut) => (noise ? mixed(cut, noise(random), snr) : cut)
  for (let i = 0; i < ASKED; i++) {
    // The first ones are asked for most, as the small matchers hold only these.
    const row = i % 3 === 0 ? i / 3 : random.integer(PIECES)
    const piece = pieces[row]
    const from = random.integer(piece.length - LONGEST)
    await ask(noisy(piece.subarray(from, from + LONGEST)), row, from / SAMPLE_RATE)
  }
  for (const cut of foreign) await ask(noisy(cut), -1, 0)
}
parentPort.postMessage(matches)
