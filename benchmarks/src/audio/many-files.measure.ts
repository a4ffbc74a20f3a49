// Memory over 5000 files, a thousand or so of each format, four at once, each decoded whole and resampled.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { atMost, type Row } from '../row.ts'
import { mean } from '../stats.ts'
import { SOUND_FORMATS, soundFile } from './sound-files.ts'

const FILES = 5000
/** Last quarter over second: what an allocator and a collector breathe, and no more. */
const FLAT = 1.05

export async function measure(): Promise<Row[]> {
  const paths: string[] = []
  for (const format of SOUND_FORMATS) for (const seconds of [1, 4]) paths.push(await soundFile(format, seconds, 44100, 2))
  const args = ['--expose-gc', join(import.meta.dirname, 'decode-host.js'), 'files', String(FILES), ...paths]
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 24 })
  const samples = stdout.trim().split('\n').map(Number)
  const quarter = samples.length / 4
  const quarters = [0, 1, 2, 3].map((i) => mean(samples.slice(Math.floor(i * quarter), Math.floor((i + 1) * quarter))))
  const how = `${FILES} files of 1 and 4 s, ${samples.length} samples of RSS after a collection: quarters ${quarters.map((bytes) => (bytes / 2 ** 20).toFixed(0)).join(', ')} MiB`
  return [atMost('files.memory', quarters[3]! / quarters[1]!, FLAT, 'of the second quarter', how)]
}
