// Babble: several people who talk at once, spoken by espeak-ng.

import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Random } from '@cbir/conformance'
import { cached } from '../cache.ts'

const execute = promisify(execFile)

/** The rate that espeak-ng speaks at. */
const SPOKEN_RATE = 22_050
const TALKERS = 5

const TEXT = [
  'The market opens at seven in the morning, and by eight the narrow street is full of people who carry baskets, boxes and crates of fruit.',
  'Nobody had told the driver that the bridge was closed, so he turned around slowly and asked a woman at the corner for another way.',
  'When the rain stopped we went down to the river, where the water had risen over the lower path and carried branches along with it.',
  'My sister says that the best bread is baked in the small shop behind the station, but you have to come early or there is none left.',
  'Please leave the keys on the table, close both of the windows, and remember to switch off the light in the hall before you go.',
  'They had been talking for an hour about the price of the house, and still neither of them would say what it was really worth.',
  'A good clock needs a quiet wall, a steady hand to wind it, and somebody who looks at it more often than at anything else.',
  'In the evening the children counted the boats that came back, and argued about which of them had the tallest mast.',
]

/** Voices of espeak-ng that tell the two groups of talkers apart: none speaks in both. */
const VOICES = {
  calibration: ['en-us+m1', 'en-gb+f1', 'en-us+m3', 'en-gb-scotland+f3', 'en-us+m5', 'en-gb+f5', 'en-gb-x-rp+m7', 'en-us+f2'],
  test: ['en-gb+m2', 'en-us+f4', 'en-gb-scotland+m4', 'en-gb-x-gbclan+f2', 'en-us+m6', 'en-gb+m8', 'en-us+f1', 'en-gb-x-rp+f3'],
} as const

/** Speakers, each with about a minute of speech at half of {@link SPOKEN_RATE}. */
export interface Talkers {
  readonly speech: readonly Float32Array[]
}

/** Lets a group of voices speak; `sampleRate` must be 11 025. */
export async function talkers(group: keyof typeof VOICES, sampleRate: number): Promise<Talkers> {
  if (sampleRate * 2 !== SPOKEN_RATE) throw new RangeError(`Babble is made at ${SPOKEN_RATE / 2} Hz, not at ${sampleRate}.`)
  const { stdout: version } = await execute('espeak-ng', ['--version'])
  const voices = VOICES[group]
  const folder = await cached(`babble-${group}`, [version, ...voices, ...TEXT], async (path) => {
    await mkdir(path)
    for (const [i, voice] of voices.entries()) {
      const text = [...TEXT.slice(i), ...TEXT.slice(0, i)].join(' ')
      const speed = String(145 + 8 * i)
      const { stdout } = await execute('espeak-ng', ['-v', voice, '-s', speed, '--stdout', text], { encoding: 'buffer', maxBuffer: 1 << 26 })
      await writeFile(join(path, `${i}.wav`), stdout)
    }
  })
  return { speech: await Promise.all(voices.map(async (_, i) => halved(await readFile(join(folder, `${i}.wav`))))) }
}

/** `length` samples of people who talk at once, each from a random place on, some nearer than others. */
export function babble({ speech }: Talkers, length: number, random: Random): Float32Array {
  const out = new Float32Array(length)
  const first = random.integer(speech.length)
  for (let i = 0; i < TALKERS; i++) {
    const voice = speech[(first + i) % speech.length]!
    const from = random.integer(voice.length)
    const loudness = 0.5 + random.uniform()
    for (let n = 0; n < length; n++) out[n]! += loudness * voice[(from + n) % voice.length]!
  }
  return out
}

const HEADER_BYTES = 44

/** 16-bit speech at half its rate, through a half-band filter of 31 taps. */
function halved(wav: Buffer): Float32Array {
  const count = (wav.length - HEADER_BYTES) >> 1
  const samples = Float32Array.from({ length: count }, (_, i) => wav.readInt16LE(HEADER_BYTES + 2 * i) / 32_768)
  const taps = Float64Array.from({ length: 31 }, (_, i) => {
    const t = i - 15
    const window = 0.54 + 0.46 * Math.cos((Math.PI * t) / 16)
    return window * (t === 0 ? 0.5 : Math.sin((Math.PI * t) / 2) / (Math.PI * t))
  })
  return Float32Array.from({ length: count >> 1 }, (_, n) => {
    let sum = 0
    for (let i = 0; i < 31; i++) sum += taps[i]! * (samples[2 * n + i - 15] ?? 0)
    return sum
  })
}
