// Two hours of sound in each format, as a stream: the exact number of samples, and how much memory.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { atMost, type Row } from '../row.ts'
import { SOUND_FORMATS, soundFile } from './sound-files.ts'

const SECONDS = 7200
const RATE = 44100
const LIMIT = 300

export async function measure(): Promise<Row[]> {
  const rows: Row[] = []
  for (const format of SOUND_FORMATS) {
    const path = await soundFile(format, SECONDS, RATE, 2)
    const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'decode-host.js'), 'stream', path])
    const { frames, partial, seconds, peak } = JSON.parse(stdout)
    const wanted = SECONDS * (format.rate ?? RATE)
    const how = `2 h, stereo, ${RATE} Hz, mixed to one channel, in ${seconds.toFixed(0)} s${partial ? `; ${partial}` : ''}`
    rows.push(atMost(`long.${format.name}.memory`, peak / 1e6, LIMIT, 'MB at most', how))
    rows.push({ id: `long.${format.name}.samples`, value: frames, unit: 'samples', target: `= ${wanted}`, ok: frames === wanted && !partial, how })
  }
  return rows
}
