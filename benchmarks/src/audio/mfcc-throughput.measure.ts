// 200 files of 10 s, decoded and turned into MFCC statistics: what all cores do, against one; and whether memory grows.

import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { alternate, ratio } from '../alternate.ts'
import { Peer } from '../peer.ts'
import { atLeast, atMost, type Row, shown } from '../row.ts'

const FILES = 200
const SECONDS = 10
const RATE = 22_050
/** Read by the loader as they are, or by way of a decoder; the encoders are ffmpeg's. */
const FORMATS: Readonly<Record<string, readonly string[]>> = { wav: ['-c:a', 'pcm_s16le'], mp3: ['-c:a', 'libmp3lame'] }
/** Sounds that are made; the other files are copies, which nobody recognises as such. */
const SOUNDS = 10
/** Rounds after which memory is looked at again. */
const AGAIN = 10

export async function measure(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cbir-mfcc-'))
  const host = join(import.meta.dirname, 'mfcc-host.js')
  // One core for everything: the process may not use a second one for decoding or the garbage collector.
  const one = new Peer('one core', 'taskset', ['-c', '0', process.execPath, host], { CBIR_THREADS: '1' })
  const all = new Peer('all cores', process.execPath, [host])
  const rows: Row[] = []
  try {
    for (const [format, codec] of Object.entries(FORMATS)) {
      const place = join(folder, format)
      await makeFiles(place, format, codec)
      const times = await alternate({ one: () => one.time('mfcc', place), all: () => all.time('mfcc', place) }, { rounds: 3 })
      const how = `${FILES} ${format} files of ${SECONDS} s at ${RATE} Hz, mean and std of 20 MFCCs, ${availableParallelism()} cores; one core: taskset`
      const speed = `${((FILES * SECONDS) / (times.all.best / 1000)).toFixed(0)} × real time`
      if (format === 'mp3') rows.push(atLeast(`mfcc.${format}.all-over-one`, 1 / ratio(times.all, times.one), 1.6, '×', `${how}; ${speed}`))
      else rows.push(shown(`mfcc.${format}.all-over-one`, 1 / ratio(times.all, times.one), '×', `${how}; ${speed}`))
      rows.push(shown(`mfcc.${format}.ms-a-file`, times.all.best / FILES, 'ms', how))
      rows.push(atMost(`mfcc.${format}.memory`, await growth(all, place), 30, 'MB', `growth of the resident set over ${AGAIN * FILES} files more`))
    }
  } finally {
    await Promise.all([one.stop(), all.stop()])
    await rm(folder, { recursive: true })
  }
  return rows
}

/** Megabytes by which the process grows while it goes through the folder again and again. */
async function growth(peer: Peer, folder: string): Promise<number> {
  const before = Number((await peer.ask('mfcc', folder))['rss'])
  let least = Number.POSITIVE_INFINITY
  // What grows has grown after each of the last rounds.
  for (let round = 0; round < AGAIN; round++) {
    const rss = Number((await peer.ask('mfcc', folder))['rss'])
    if (round >= AGAIN - 3) least = Math.min(least, rss)
  }
  return Math.max(0, least - before) / 2 ** 20
}

/** Sounds of changing pitch, each its own. */
async function makeFiles(folder: string, format: string, codec: readonly string[]): Promise<void> {
  await mkdir(folder)
  for (let i = 0; i < SOUNDS; i++) {
    const samples = Int16Array.from({ length: SECONDS * RATE }, (_, n) => {
      const t = n / RATE
      return 9000 * Math.sin(2 * Math.PI * (110 + 7 * i) * t + 5 * Math.sin(2 * Math.PI * t)) + 2000 * Math.sin(n * n * 1e-5 + i)
    })
    const bytes = await encoded(new Uint8Array(samples.buffer), format, codec)
    for (let n = i; n < FILES; n += SOUNDS) await writeFile(join(folder, `${n}.${format}`), bytes)
  }
}

function encoded(samples: Uint8Array, format: string, codec: readonly string[]): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const options = ['-v', 'error', '-f', 's16le', '-ar', String(RATE), '-ac', '1', '-i', '-', ...codec, '-f', format, '-']
    const child = spawn('ffmpeg', options, { stdio: ['pipe', 'pipe', 'inherit'] })
    const parts: Uint8Array[] = []
    child.stdout.on('data', (part: Uint8Array) => parts.push(part))
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve(Buffer.concat(parts)) : reject(new Error(`ffmpeg ended with ${code}`))))
    child.stdin.end(samples)
  })
}
