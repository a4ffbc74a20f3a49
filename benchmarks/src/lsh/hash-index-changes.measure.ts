// Updates and removals of 1000 codes in each hash index of 60 000.

import { atMost, type Row } from '../row.ts'
import { median } from '../stats.ts'
import { hashIndexHost } from './hash-index-peers.ts'

const CODES = 60_000
const CHANGED = 1000
const ROUNDS = 15
const TARGET_MS = 20

export async function measure(): Promise<Row[]> {
  const host = hashIndexHost()
  const rows: Row[] = []
  for (const bits of [64, 128]) {
    await host.ask('uniform', CODES, bits, 1)
    for (const kind of ['linear', 'multi-index', 'ball-tree']) {
      const built = await host.time('build', kind)
      const updates: number[] = []
      const removals: number[] = []
      for (let round = 0; round < ROUNDS; round++) {
        updates.push(await host.time('update', kind, CHANGED))
        removals.push(await host.time('remove', kind, CHANGED))
      }
      const data = `${kind} over 60k × ${bits} bits (built in ${built.toFixed(0)} ms)`
      // The slowest says what it takes when a structure is made anew, which every other update does.
      const how = (times: number[]): string =>
        `${data}, the median of ${ROUNDS}, awaited; the slowest ${Math.max(...times).toFixed(2)} ms; SMQTK 90–140 ms, its ball tree 800 ms`
      rows.push(
        atMost(`hash-index.update.${kind}.${bits}`, median(updates), TARGET_MS, 'ms', `1000 updates in ${how(updates)}`),
        atMost(`hash-index.remove.${kind}.${bits}`, median(removals), TARGET_MS, 'ms', `1000 removals in ${how(removals)}`),
      )
    }
  }
  await host.stop()
  return rows
}
