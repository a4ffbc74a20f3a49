// Reading the log from its beginning: every committed batch, and where the good part ends.

import type { CallOptions } from '../../component/call-options.ts'
import { throwIfAborted } from '../../concurrency/abort.ts'
import { TimeSlice } from '../../concurrency/time-slice.ts'
import { CbirError } from '../../errors/cbir-error.ts'
import { corrupt } from '../container/corrupt.ts'
import type { OpenFile } from '../storage/file-system.ts'
import {
  BATCH_HEADER_BYTES,
  BATCH_MARKER,
  chainCrc,
  decodeBatchHeader,
  decodeRecordHead,
  FILE_HEADER_BYTES,
  fileVersion,
  isCurrentVersion,
  OPERATION,
  RECORD_HEAD_BYTES,
  sizeOf,
} from './log-format.ts'
import { LogWindow } from './log-window.ts'
import type { LogEnd } from './log-writer.ts'
import type { RowIndex } from './row-index.ts'

/** A change that a record describes; `dimensions` 0: the uid is removed; no uid: everything is. */
interface Change {
  readonly uid: string | undefined
  readonly position: number
  readonly dimensions: number
  readonly attributeBytes: number
}

interface ReadBatch {
  readonly end: number
  readonly changes: readonly Change[]
}

export interface Replayed extends LogEnd {
  /** Whether the last batch is an empty one: the log was closed in order. */
  readonly sealed: boolean
}

/**
 * Applies every committed batch of the log to `index`. Gives where they end: what lies beyond is a batch that a crash has cut.
 * @throws CbirError CORRUPT_DATA (not such a file, or damage before the last batch that was on the device), NOT_SUPPORTED, IO_FAILED, ABORTED
 */
export async function replay(file: OpenFile, path: string, index: RowIndex, options: CallOptions): Promise<Replayed> {
  const size = await file.size()
  const window = new LogWindow(file, size)
  checkFileHeader((await window.take(0, FILE_HEADER_BYTES)) ?? Buffer.alloc(0), path)
  const slice = new TimeSlice()
  let at = FILE_HEADER_BYTES
  let sequence = 0
  let sealed = false
  while (at < size) {
    throwIfAborted(options.signal)
    const batch = await readBatch(window, at, sequence + 1, options.signal)
    if (!batch) {
      const proof = await findLaterBatch(window, at, options.signal)
      if (proof !== undefined)
        throw corrupt(path, `the batch at byte ${at} cannot be read, though it was complete when the one at byte ${proof} was begun`)
      break
    }
    for (const { uid, position, dimensions, attributeBytes } of batch.changes) {
      if (uid === undefined) index.clear()
      else if (dimensions > 0) index.set(uid, position, dimensions, attributeBytes)
      else index.delete(uid)
      if (slice.due()) await slice.pause()
    }
    sealed = batch.changes.length === 0
    at = batch.end
    sequence++
    options.onProgress?.({ done: at, total: size })
  }
  return { size: at, durable: 0, sequence, sealed }
}

function checkFileHeader(bytes: Buffer, path: string): void {
  const version = fileVersion(bytes)
  if (version === undefined) throw corrupt(path, 'it does not begin as the log of a descriptor set does')
  if (isCurrentVersion(version)) return
  throw new CbirError(
    'NOT_SUPPORTED',
    `${path} was written in format ${version}, which this version of @cbir/core cannot read. Install the version that wrote it.`,
  )
}

/** The batch at `start`; `undefined` where there is none that is whole. */
async function readBatch(window: LogWindow, start: number, sequence: number, signal?: AbortSignal): Promise<ReadBatch | undefined> {
  const bytes = await window.take(start, BATCH_HEADER_BYTES)
  const header = bytes && decodeBatchHeader(bytes, start)
  if (!header || header.sequence !== sequence >>> 0) return undefined
  const slice = new TimeSlice()
  const changes: Change[] = []
  let at = start + BATCH_HEADER_BYTES
  let chain = 0
  for (;;) {
    throwIfAborted(signal)
    const headBytes = await window.take(at, RECORD_HEAD_BYTES)
    if (!headBytes) return undefined
    const head = decodeRecordHead(headBytes, 0)
    const { operation, a, b, c, crc, size } = head
    if (sizeOf(head) !== size || size > window.size - at) return undefined
    // Uid and attributes are bounded, so they are held in one piece; a vector goes through the checksum in several.
    const named = await window.take(at, RECORD_HEAD_BYTES + (operation === OPERATION.commit ? 0 : a))
    if (!named) return undefined
    const uid = operation === OPERATION.clear || operation === OPERATION.commit ? undefined : named.toString('utf8', RECORD_HEAD_BYTES)
    if ((await window.checksum(at + 4, at + size, slice)) !== crc) return undefined
    at += size
    if (operation === OPERATION.commit) return a === chain ? { end: at, changes } : undefined
    const isAdd = operation === OPERATION.add
    changes.push({ uid, position: isAdd ? at - 4 * c : 0, dimensions: isAdd ? c : 0, attributeBytes: isAdd ? b : 0 })
    chain = chainCrc(chain, crc)
    if (slice.due()) await slice.pause()
  }
}

/** The position of a batch behind `at` that was begun when the one at `at` was on the device. */
async function findLaterBatch(window: LogWindow, at: number, signal?: AbortSignal): Promise<number | undefined> {
  for (let from = at + 1; ; ) {
    throwIfAborted(signal)
    const found = await window.find(BATCH_MARKER, from)
    if (found === undefined) return undefined
    const bytes = await window.take(found, BATCH_HEADER_BYTES)
    const header = bytes && decodeBatchHeader(bytes, found)
    if (header && header.durable > at) return found
    from = found + 1
  }
}
