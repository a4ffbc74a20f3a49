// Sounds that fingerprints were not calibrated with: other kinds of music, other lengths, changed on their way, and what is no recording at all.

import { audioFingerprint } from '@cbir/audio-fingerprint'
import type { Random } from '@cbir/conformance'
import { atMost, type Row, shown } from '../row.ts'
import { babble, type Talkers, talkers } from './babble.ts'
import { atRate, type Change, clipped, faster, mp3, quiet, room, shifted, smallSpeaker, telephone } from './changed-sounds.ts'
import { type Answers, ask, ConfidenceRecord, type Cut } from './fingerprint-asking.ts'
import { SAMPLE_RATE, SEEDS } from './fingerprint-recognition.ts'
import { FOREIGN_SOUNDS, speech } from './foreign-sounds.ts'
import { derivedRandom, generatedPiece } from './generated-music.ts'
import { mixed, pinkNoise, whiteNoise } from './noise.ts'
import { MUSIC_KINDS, type MusicKind, otherPiece } from './other-music.ts'

const OF_A_KIND = 25
const SECONDS = 30
const CUT_SECONDS = 5
/** Foreign cuts of each kind of music. */
const FOREIGN = 125
/** Of so many foreign sounds one may be found. */
const FALSE_SHARE = 500

const NOISES: readonly (readonly [name: string, snr: number, noise: (length: number, random: Random, voices: Talkers) => Float32Array])[] = [
  ['white.10dB', 10, (length, random) => whiteNoise(length, random)],
  ['pink.0dB', 0, (length, random) => pinkNoise(length, SAMPLE_RATE, random)],
  ['babble.0dB', 0, (length, random, voices) => babble(voices, length, random)],
]

const CHANGES: Readonly<Record<string, Change>> = {
  '8-kHz': atRate(8000),
  '44.1-kHz': atRate(44_100),
  '48-kHz': atRate(48_000),
  'mp3-32': mp3(32),
  'mp3-64': mp3(64),
  'clipped-12dB': clipped(12),
  'quiet-40dB': quiet(-40),
  'dc-0.3': shifted(0.3),
  telephone,
  'small-speaker': smallSpeaker,
  'room-0.5s': room(0.5),
  'faster-0.5%': faster(0.005),
  'slower-0.5%': faster(-0.005),
  'faster-1%': faster(0.01),
  'slower-1%': faster(-0.01),
  'faster-2%': faster(0.02),
}

export async function measure(): Promise<Row[]> {
  const recordings = MUSIC_KINDS.flatMap((kind) =>
    Array.from({ length: OF_A_KIND }, (_, i) => ({
      id: `${kind} ${i}`,
      kind,
      samples: otherPiece(kind, SEEDS.pieces, i, { sampleRate: SAMPLE_RATE, seconds: SECONDS }),
    })),
  )
  const matcher = await audioFingerprint({ minimumConfidence: 0 })
  await matcher.addMany(recordings.map(({ id, samples }) => ({ id, sound: { samples, sampleRate: SAMPLE_RATE } })))
  const voices = await talkers('test', SAMPLE_RATE)
  const record = new ConfidenceRecord()
  const rows: Row[] = []
  let part = 0
  const random = (): Random => derivedRandom(SEEDS.noise, 1000 + part++)

  function cutsOf(seconds: number, kinds: readonly MusicKind[] = MUSIC_KINDS): Cut[] {
    const places = random()
    const length = seconds * SAMPLE_RATE
    return recordings
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ id, samples }) => {
        const from = places.integer(samples.length - length)
        return { id, at: from / SAMPLE_RATE, samples: samples.slice(from, from + length), sampleRate: SAMPLE_RATE }
      })
  }
  function foreignOf(seconds: number, kind: MusicKind, count: number): Cut[] {
    return Array.from({ length: count }, (_, i) => ({
      samples: otherPiece(kind, SEEDS.foreign + 50 * seconds, i, { sampleRate: SAMPLE_RATE, seconds: seconds + 2 }).slice(
        SAMPLE_RATE,
        (1 + seconds) * SAMPLE_RATE,
      ),
      sampleRate: SAMPLE_RATE,
    }))
  }
  function noisy(cuts: readonly Cut[], [, snr, noise]: (typeof NOISES)[number]): Cut[] {
    const drawn = random()
    return cuts.map((cut) => ({ ...cut, samples: mixed(cut.samples, noise(cut.samples.length, drawn, voices), snr) }))
  }
  const found = (id: string, { asked, right, wrong, alike }: Answers, how: string): void => {
    const elsewhere = wrong === 0 ? '' : `; ${wrong} found elsewhere, ${alike} of them in the right recording`
    rows.push(shown(`fingerprints.${id}`, right / asked, 'right', `${asked} cuts${elsewhere}; ${how}`))
  }
  const falsely = (id: string, answers: readonly Answers[], how: string): void => {
    const asked = answers.reduce((sum, one) => sum + one.asked, 0)
    const wrong = answers.reduce((sum, one) => sum + one.wrong, 0)
    rows.push(atMost(`fingerprints.${id}.false`, wrong, Math.max(1, Math.round(asked / FALSE_SHARE)), `of ${asked}`, how))
  }

  const foreignAnswers: Answers[] = []
  for (const kind of MUSIC_KINDS) {
    const cuts = cutsOf(CUT_SECONDS, [kind])
    const foreign = foreignOf(CUT_SECONDS, kind, FOREIGN)
    found(`${kind}.clean`, await ask(matcher, cuts, record), '5 s')
    foreignAnswers.push(await ask(matcher, foreign, record))
    for (const noise of NOISES) {
      found(`${kind}.${noise[0]}`, await ask(matcher, noisy(cuts, noise), record), '5 s')
      foreignAnswers.push(await ask(matcher, noisy(foreign, noise), record))
    }
  }
  falsely('kinds', foreignAnswers, `foreign cuts of 5 s of ${MUSIC_KINDS.join(', ')}, clean and in noise`)

  for (const seconds of [2, 3, 10]) {
    const cuts = cutsOf(seconds)
    const foreign = MUSIC_KINDS.flatMap((kind) => foreignOf(seconds, kind, FOREIGN / 5))
    found(`${seconds}s.clean`, await ask(matcher, cuts, record), `${seconds} s of each`)
    found(`${seconds}s.pink.0dB`, await ask(matcher, noisy(cuts, NOISES[1]!), record), `${seconds} s of each`)
    falsely(`${seconds}s`, [await ask(matcher, foreign, record), await ask(matcher, noisy(foreign, NOISES[1]!), record)], `clean and in pink noise`)
  }

  const cuts = cutsOf(CUT_SECONDS)
  for (const [name, change] of Object.entries(CHANGES)) {
    const changed = await change(
      cuts.map(({ samples }) => samples),
      SAMPLE_RATE,
      random(),
    )
    const answers = await ask(
      matcher,
      cuts.map((cut, i) => ({ ...cut, ...changed[i]! })),
      record,
    )
    found(name, answers, '5 s of each, changed after they were cut')
  }

  for (let i = 0; i < OF_A_KIND; i++) {
    const samples = generatedPiece(SEEDS.pieces, i, { sampleRate: SAMPLE_RATE, seconds: SECONDS })
    await matcher.add(`first generator ${i}`, { samples, sampleRate: SAMPLE_RATE })
  }
  const drawn = random()
  const length = CUT_SECONDS * SAMPLE_RATE
  const sounds = Object.entries(FOREIGN_SOUNDS).flatMap(([name, make]) =>
    Array.from({ length: 50 }, () => ({ name, samples: make(length, SAMPLE_RATE, drawn) })),
  )
  const spoken = Array.from({ length: 300 }, () => ({ name: 'speech', samples: speech(voices, length, drawn) }))
  const noMusic = [...sounds, ...spoken].map(({ samples }) => ({ samples, sampleRate: SAMPLE_RATE }))
  falsely('no-music', [await ask(matcher, noMusic, record)], `${[...Object.keys(FOREIGN_SOUNDS), 'speech'].join(', ')}: 5 s`)
  await matcher.dispose()

  rows.push(...(await recordedVoices(voices, record, random())))
  for (const [low, high] of [
    [0.5, 0.9],
    [0.9, 0.99],
    [0.99, 1.01],
  ] as const) {
    const { count, right } = record.between(low, high)
    rows.push(shown(`fingerprints.confidence.${low}`, right, 'right', `of ${count} answers of all of the above with a confidence from ${low} on`))
  }
  return rows
}

/**
 * Speech as recordings, and others who say the same at another speed. Voices of a synthesiser that say the same at the same speed are one recording but
 * for a filter, and every second voice of both groups has its own speed.
 */
async function recordedVoices({ speech: all }: Talkers, record: ConfidenceRecord, random: Random): Promise<Row[]> {
  const { speech: allOthers } = await talkers('calibration', SAMPLE_RATE)
  const voices = all.filter((_, i) => i % 2 === 0)
  const others: Talkers = { speech: allOthers.filter((_, i) => i % 2 === 1) }
  const matcher = await audioFingerprint({ minimumConfidence: 0 })
  for (const [i, samples] of voices.entries()) await matcher.add(String(i), { samples, sampleRate: SAMPLE_RATE })
  const length = CUT_SECONDS * SAMPLE_RATE
  const cuts = Array.from({ length: 100 }, () => {
    const i = random.integer(voices.length)
    const from = random.integer(voices[i]!.length - length)
    return { id: String(i), at: from / SAMPLE_RATE, samples: voices[i]!.slice(from, from + length), sampleRate: SAMPLE_RATE }
  })
  const noisy = cuts.map((cut) => ({ ...cut, samples: mixed(cut.samples, pinkNoise(length, SAMPLE_RATE, random), 10) }))
  const foreign = Array.from({ length: 300 }, () => ({ samples: speech(others, length, random), sampleRate: SAMPLE_RATE }))
  const how = `${voices.length} recordings of a minute of speech`
  const clean = await ask(matcher, cuts, record)
  const inNoise = await ask(matcher, noisy, record)
  const falsely = await ask(matcher, foreign, record)
  await matcher.dispose()
  return [
    shown('fingerprints.speech.clean', clean.right / clean.asked, 'right', `${how}, ${clean.asked} cuts of 5 s, ${clean.wrong} found elsewhere`),
    shown('fingerprints.speech.pink.10dB', inNoise.right / inNoise.asked, 'right', `the same, ${inNoise.wrong} found elsewhere`),
    // A synthesiser that says the same word moves through the same formants, whoever it plays: the README's Limits say so.
    shown(
      'fingerprints.speech.same-text',
      falsely.wrong,
      `of ${falsely.asked} found`,
      `${how}, the same texts by other voices of the synthesiser, at other speeds`,
    ),
  ]
}
