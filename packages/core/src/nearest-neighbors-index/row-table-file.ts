// The file of a RowTable: for each row the length of its uid in UTF-8 and the uid; a hole has the length 0xFFFFFFFF.

import { TimeSlice } from '../concurrency/time-slice.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { RowTable } from './row-table.ts'

const HOLE = 0xffffffff
const CHUNK = 1 << 20

/** The bytes of a table, in chunks of about 1 MB; the first is smaller for a short table, and empty where even the first uid is long. */
export async function* writeRowTable(table: RowTable): AsyncGenerator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder()
  const slice = new TimeSlice()
  let chunk = new Uint8Array(Math.min(CHUNK, 64 * table.size))
  let used = 0
  for (let row = 0; row < table.size; row++) {
    const uid = table.uidAt(row)
    const bytes = uid === undefined ? undefined : encoder.encode(uid)
    const needed = 4 + (bytes?.length ?? 0)
    if (used + needed > chunk.length) {
      yield chunk.subarray(0, used)
      chunk = new Uint8Array(Math.max(CHUNK, needed))
      used = 0
    }
    new DataView(chunk.buffer).setUint32(used, bytes ? bytes.length : HOLE, true)
    if (bytes) chunk.set(bytes, used + 4)
    used += needed
    if (slice.due()) await slice.pause()
  }
  yield chunk.subarray(0, used)
}

/** The table that the bytes describe. @throws CbirError CORRUPT_DATA */
export async function readRowTable(bytes: Uint8Array, rows: number): Promise<RowTable> {
  const corrupt = (message: string): CbirError =>
    new CbirError('CORRUPT_DATA', `The table of uids of a saved index is damaged: ${message}. Restore it from a copy or build it again.`)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const table = new RowTable()
  const slice = new TimeSlice()
  let at = 0
  for (let row = 0; row < rows; row++) {
    if (at + 4 > bytes.length) throw corrupt(`it ends before row ${row} of ${rows}`)
    const length = view.getUint32(at, true)
    at += 4
    if (length === HOLE) {
      table.pushHole()
    } else {
      if (at + length > bytes.length) throw corrupt(`row ${row} is cut`)
      let uid: string
      try {
        uid = decoder.decode(bytes.subarray(at, at + length))
      } catch {
        throw corrupt(`the uid of row ${row} is not UTF-8`)
      }
      if (table.has(uid)) throw corrupt(`the uid ${JSON.stringify(uid)} is there twice`)
      table.push(uid)
      at += length
    }
    if (slice.due()) await slice.pause()
  }
  if (at !== bytes.length) throw corrupt('bytes follow the last row')
  return table
}
