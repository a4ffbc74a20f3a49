// Resident memory over 100 000 queries, and over 200 rounds of build and dispose, for each index in a process of its own.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { atMost, type Row } from '../row.ts'
import { mean } from '../stats.ts'
import { SUBJECTS } from './subjects.ts'

const QUERIES = 100_000
const ROUNDS = 200
/** Last quarter over second: what an allocator and a collector breathe, and no more. */
const FLAT = 1.05

export async function measure(): Promise<Row[]> {
  const rows: Row[] = []
  for (const { name } of SUBJECTS) {
    for (const [what, count] of [
      ['queries', QUERIES],
      ['rounds', ROUNDS],
    ] as const) {
      const { stdout } = await promisify(execFile)(process.execPath, [
        '--expose-gc',
        // A young generation that cannot grow, so that what grows is not the collector's own reserve.
        '--max-semi-space-size=1',
        join(import.meta.dirname, 'leaks-child.js'),
        what,
        name,
        String(count),
      ])
      const samples = stdout.trim().split('\n').map(Number)
      const quarter = samples.length / 4
      const of = (i: number): number => mean(samples.slice(Math.floor(i * quarter), Math.floor((i + 1) * quarter)))
      const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)
      const how = `${name}, ${count} ${what === 'queries' ? 'queries, half alone and half in batches' : 'rounds of build, query and dispose'}, ${samples.length} samples of RSS after a collection: quarters ${[0, 1, 2, 3].map((i) => mib(of(i))).join(', ')} MiB`
      rows.push(atMost(`leaks.${name}.${what}`, of(3) / of(1), FLAT, 'of the second quarter', how))
    }
  }
  return rows
}
