// Bad files of sound: each is a typed error, or gives what could be decoded with a cause, and the run goes on.

import { readFile } from 'node:fs/promises'
import { aac } from '@cbir/audio-aac'
import { type DecodedAudio, decodeAudio } from '@cbir/audio-decode'
import { CbirError } from '@cbir/core'
import type { Row } from '../row.ts'
import { SOUND_FORMATS, soundFile } from './sound-files.ts'

/** What must come of a case. `unharmed`: the right samples, as where metadata was hit. */
type Wanted = 'error' | 'partial' | 'whole' | 'error or partial' | 'error or partial or unharmed' | 'any'

interface Case {
  readonly name: string
  readonly bytes: Uint8Array
  readonly wanted: Wanted
  /** The samples of the file before it was damaged. */
  readonly right?: Float32Array
}

const SECONDS = 4

export async function measure(): Promise<Row[]> {
  const cases = [...(await damagedFiles()), ...headers()]
  const groups = new Map<string, { right: number; all: number; wrong: string[] }>()
  let said = 0
  const write = process.stderr.write.bind(process.stderr)
  process.stderr.write = ((...args: Parameters<typeof write>) => {
    said++
    return write(...args)
  }) as typeof write
  for (const { name, bytes, wanted, right } of cases) {
    const group = groups.get(name) ?? { right: 0, all: 0, wrong: [] }
    groups.set(name, group)
    const got = await outcome(bytes, right)
    group.all++
    if (wanted === 'any' ? got !== 'foreign error' : wanted.split(' or ').includes(got)) group.right++
    else group.wrong.push(`${got}, not ${wanted}`)
  }
  // What a thread prints comes a turn later.
  await new Promise((resolve) => setTimeout(resolve, 200))
  process.stderr.write = write
  const rows: Row[] = [...groups].map(([name, { right, all, wrong }]) => ({
    id: `bad-audio.${name}`,
    value: `${right} of ${all}`,
    unit: 'files',
    target: 'all',
    ok: right === all,
    how: wrong.length > 0 ? `wrong: ${wrong.slice(0, 3).join('; ')}` : 'typed error, or decoded with a cause',
  }))
  rows.push({ id: 'bad-audio.console', value: said, unit: 'lines printed', target: '0', ok: said === 0, how: 'over all of these files' })
  return rows
}

async function outcome(bytes: Uint8Array, right: Float32Array | undefined): Promise<string> {
  try {
    const decoded: DecodedAudio = await decodeAudio(bytes, { decoders: [aac], mono: false })
    if (!decoded.samples.every((sample) => Number.isFinite(sample))) return 'samples that are no numbers'
    if (decoded.partial) return 'partial'
    return right && decoded.samples.length === right.length && decoded.samples.every((sample, i) => sample === right[i]) ? 'unharmed' : 'whole'
  } catch (error) {
    return CbirError.isInstance(error) ? 'error' : 'foreign error'
  }
}

async function damagedFiles(): Promise<Case[]> {
  const cases: Case[] = []
  for (const format of SOUND_FORMATS) {
    const whole = Uint8Array.from(await readFile(await soundFile(format, SECONDS, 44100, 2)))
    for (let part = 1; part < 20; part++) {
      cases.push({ name: `${format.name}.truncated`, bytes: whole.slice(0, Math.floor((whole.length * part) / 20)), wanted: 'error or partial' })
    }
    // Samples of a wav file, and the sound in an m4a file, have no checksum: numbers that are others are a sound as well.
    const wanted = format.name === 'wav' || format.name === 'aac' ? 'any' : 'error or partial or unharmed'
    const { samples: right } = await decodeAudio(whole, { decoders: [aac], mono: false })
    for (let part = 1; part < 20; part++) {
      const bytes = whole.slice()
      const at = Math.floor((whole.length * part) / 20)
      for (let i = 0; i < 500; i++) bytes[at + i] = (i * 167 + part * 31) & 255
      cases.push({ name: `${format.name}.garbled`, bytes, wanted, right })
    }
  }
  return cases
}

/** Wav files with strange headers, and no bytes at all. */
function headers(): Case[] {
  const floats = new Uint8Array(Float32Array.of(0.5, Number.NaN, -0.5).buffer)
  return [
    { name: 'zero-length', bytes: new Uint8Array(), wanted: 'error' },
    { name: 'no-samples', bytes: wav({ data: new Uint8Array() }), wanted: 'whole' },
    { name: 'one-sample', bytes: wav({ data: new Uint8Array(2) }), wanted: 'whole' },
    { name: 'size-too-large', bytes: wav({ data: new Uint8Array(100), dataSize: 1000 }), wanted: 'partial' },
    { name: 'size-unknown', bytes: wav({ data: new Uint8Array(100), dataSize: 0xffffffff }), wanted: 'whole' },
    { name: 'sample-rate-0', bytes: wav({ data: new Uint8Array(100), sampleRate: 0 }), wanted: 'error' },
    { name: '0-channels', bytes: wav({ data: new Uint8Array(100), channels: 0 }), wanted: 'error' },
    { name: '64-channels', bytes: wav({ data: new Uint8Array(1280), channels: 64 }), wanted: 'whole' },
    { name: 'nan', bytes: wav({ data: floats, tag: 3, bits: 32 }), wanted: 'partial' },
  ]
}

interface Header {
  readonly data: Uint8Array
  readonly dataSize?: number
  readonly sampleRate?: number
  readonly channels?: number
  readonly tag?: number
  readonly bits?: number
}

function wav({ data, dataSize = data.length, sampleRate = 8000, channels = 1, tag = 1, bits = 16 }: Header): Uint8Array {
  const bytes = Buffer.alloc(44 + data.length)
  bytes.write('RIFF', 0, 'latin1')
  bytes.writeUInt32LE(36 + data.length, 4)
  bytes.write('WAVEfmt ', 8, 'latin1')
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(tag, 20)
  bytes.writeUInt16LE(channels, 22)
  bytes.writeUInt32LE(sampleRate, 24)
  bytes.writeUInt32LE((sampleRate * channels * bits) / 8, 28)
  bytes.writeUInt16LE((channels * bits) / 8, 32)
  bytes.writeUInt16LE(bits, 34)
  bytes.write('data', 36, 'latin1')
  bytes.writeUInt32LE(dataSize, 40)
  bytes.set(data, 44)
  return new Uint8Array(bytes)
}
