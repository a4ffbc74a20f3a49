// Files with bytes that are wrong, and what may come of them.

import { CbirError } from '@cbir/core'
import { expect } from 'vitest'
import { type DecodedAudio, decodeAudio } from '../../src/index.ts'
import { encode } from './ffmpeg.ts'
import { CODECS } from './formats.ts'
import { MUTATIONS } from './mutations.ts'
import { sameSamples } from './same.ts'
import { randomNumbers, soundFile } from './sounds.ts'

/** Two seconds of sound in each codec; in short pages, so that a short file has many. */
export async function encodedSounds(): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  const pages = ['-page_duration', '100000']
  for (const { name, ending, args } of CODECS) {
    files.set(name, await encode(soundFile(2, 24000, 2), ending, ...args, ...(/^og|^op/.test(ending) ? pages : [])))
  }
  return files
}

/** What was decoded, or the code of the error. */
export async function outcome(bytes: Uint8Array): Promise<DecodedAudio | string> {
  try {
    return await decodeAudio(bytes, { mono: false })
  } catch (error) {
    if (CbirError.isInstance(error)) return error.code
    throw error
  }
}

/** What became of a file that was garbled at many places. */
export interface GarbledOutcomes {
  /** Shares of the places where the sound is marked as partial, and where there is an error. */
  readonly marked: number
  readonly refused: number
}

/**
 * Up to sixty random bytes at each of so many random places, one place at a time. Each is marked, refused, or gives the samples of the whole file
 * (bytes of tags and padding are no sound); only a wav file has nothing that could tell.
 */
export async function garble(name: string, bytes: Uint8Array, places: number, seed: number): Promise<GarbledOutcomes> {
  const whole = (await outcome(bytes)) as DecodedAudio
  const random = randomNumbers(seed)
  let marked = 0
  let refused = 0
  let silent = 0
  for (let place = 0; place < places; place++) {
    const garbled = bytes.slice()
    const at = Math.floor(random() * garbled.length)
    const count = 1 + Math.floor(random() * 60)
    for (let i = at; i < Math.min(garbled.length, at + count); i++) garbled[i] = Math.floor(random() * 256)
    const got = await outcome(garbled)
    if (typeof got === 'string') {
      expect(['CORRUPT_DATA', 'UNSUPPORTED_CONTENT_TYPE']).toContain(got)
      refused++
      continue
    }
    if (got.partial) marked++
    else if (!sameSamples(got.samples, whole.samples)) silent++
    expect(got.frames).toBeLessThan(4 * whole.frames)
    expect(got.samples.every((sample) => Number.isFinite(sample))).toBe(true)
  }
  // FLAC has checksums of everything, Ogg of its pages, and the encoder of these mp3 files wrote one of all frames.
  if (name !== 'wav') expect(silent).toBeLessThanOrEqual(name === 'mp3' ? Math.ceil(0.01 * places) : 0)
  return { marked: marked / places, refused: refused / places }
}

/**
 * Every kind of mutation, `rounds` times each: a typed error, a cause, or the samples of the whole file. A wav file has nothing that tells other
 * bytes; it only has to be read to some end.
 */
export async function mutate(name: string, bytes: Uint8Array, other: Uint8Array, rounds: number, seed: number): Promise<void> {
  const whole = (await outcome(bytes)) as DecodedAudio
  const random = randomNumbers(seed)
  const untold: string[] = []
  for (let round = 0; round < rounds; round++) {
    for (const [kind, mutation] of Object.entries(MUTATIONS)) {
      const got = await outcome(mutation(bytes, random, other))
      if (typeof got === 'string') {
        expect(['CORRUPT_DATA', 'UNSUPPORTED_CONTENT_TYPE']).toContain(got)
        continue
      }
      expect(got.samples.every((sample) => Number.isFinite(sample))).toBe(true)
      if (got.partial) expect(got.partial.findings.length).toBeGreaterThan(0)
      else if (!sameSamples(got.samples, whole.samples)) untold.push(`${kind} ${round}`)
    }
  }
  // An mp3 is told by a tag, which may be hit as well.
  const most = name === 'mp3' ? 0.02 * rounds * Object.keys(MUTATIONS).length : 0
  if (name !== 'wav') expect(untold.length, untold.join(', ')).toBeLessThanOrEqual(Math.ceil(most))
}
