// Growth: time of a match and memory from a hundred to ten thousand recordings.

import { setTimeout as delay } from 'node:timers/promises'
import { type AudioFingerprint, audioFingerprint } from '@cbir/audio-fingerprint'
import { type Row, shown } from '../row.ts'
import { percentile } from '../stats.ts'
import { CUT, PIECE_SECONDS, PIECES, SAMPLE_RATE, SEEDS } from './fingerprint-recognition.ts'
import { derivedRandom, generatedPiece } from './generated-music.ts'

const SIZES = [PIECES, 1000, 10_000]
const TIMED = 200
/** Recordings that are added at once: the spectrogram of one is made while peaks of another are looked for. */
const AT_ONCE = 4
const MUSIC = { sampleRate: SAMPLE_RATE, seconds: PIECE_SECONDS }

/** `p50` of a match, and memory, at each size. */
export async function growth(): Promise<Row[]> {
  const pieces = Array.from({ length: PIECES }, (_, i) => generatedPiece(SEEDS.pieces, i, MUSIC))
  const others = Array.from({ length: PIECES }, (_, i) => generatedPiece(SEEDS.foreign, i, MUSIC))
  const cuts = Array.from({ length: TIMED }, (_, i) => {
    const from = derivedRandom(SEEDS.noise, i).integer(20 * SAMPLE_RATE)
    return pieces[i % PIECES]!.slice(from, from + CUT)
  })
  const before = await heldBytes()
  const matcher = await audioFingerprint({})
  const rows: Row[] = []
  let adding = 0
  for (const size of SIZES) {
    const hours = (size * PIECE_SECONDS) / 3600
    adding += await fill(matcher, size, pieces, others)
    const times: number[] = []
    let right = 0
    for (const [i, samples] of cuts.entries()) {
      const at = performance.now()
      const found = await matcher.match({ samples, sampleRate: SAMPLE_RATE })
      times.push(performance.now() - at)
      if (found?.id === String(i % PIECES)) right++
    }
    const held = (await heldBytes()) - before
    const how =
      `${size} recordings of ${PIECE_SECONDS} s, ${TIMED} clean cuts of 5 s, landmarks of the cut included, ${right} right; ` +
      `p95 ${percentile(times, 0.95).toFixed(1)} ms; ${(adding / hours / 1000).toFixed(2)} s to add an hour`
    rows.push(
      shown(`fingerprints.match.${size}`, percentile(times, 0.5), 'ms', how),
      shown(`fingerprints.memory.${size}`, held / 1e6 / hours, 'MB an hour', `typed arrays after a collection, ${hours.toFixed(1)} hours of sound`),
    )
  }
  await matcher.dispose()
  return rows
}

/** Bytes of typed arrays that are in use. Memory is given back beside the program, some time after a collection. */
async function heldBytes(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.()
    await delay(100)
  }
  return process.memoryUsage().arrayBuffers
}

/** Recordings until there are `size`: the pieces, and then others. Gives the milliseconds of adding. */
async function fill(matcher: AudioFingerprint, size: number, pieces: readonly Float32Array[], others: readonly Float32Array[]): Promise<number> {
  let adding = 0
  for (let i = matcher.count; i < size; ) {
    const recordings: Float32Array[] = []
    for (let j = i; j < Math.min(size, i + AT_ONCE); j++) recordings.push(pieces[j] ?? recordingOf(j, others))
    const began = performance.now()
    await Promise.all(recordings.map((samples, j) => matcher.add(String(i + j), { samples, sampleRate: SAMPLE_RATE })))
    adding += performance.now() - began
    i += recordings.length
  }
  return adding
}

/** A recording that no other is like: halves of two pieces, each at a pitch of its own. */
function recordingOf(i: number, others: readonly Float32Array[]): Float32Array {
  const random = derivedRandom(SEEDS.foreign, -i)
  const half = (PIECE_SECONDS * SAMPLE_RATE) / 2
  const samples = new Float32Array(2 * half)
  for (const at of [0, half]) {
    const piece = others[random.integer(others.length)]!
    copyFaster(piece, samples.subarray(at, at + half), 0.75 + 0.6 * random.uniform(), random.uniform())
  }
  return samples
}

/** Fills `to` with a part of `from`, `speed` times as fast: by linear interpolation, which is good enough for a recording that nobody hears. */
function copyFaster(from: Float32Array, to: Float32Array, speed: number, place: number): void {
  const first = place * (from.length - 1 - speed * to.length)
  for (let n = 0; n < to.length; n++) {
    const at = first + n * speed
    const whole = Math.floor(at)
    to[n] = from[whole]! + (at - whole) * (from[whole + 1]! - from[whole]!)
  }
}
