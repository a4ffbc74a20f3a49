// Appending batches to the log: each is whole on the disk, or taken back.

import { crc32 } from 'node:zlib'
import type { CallOptions } from '../../component/call-options.ts'
import { throwIfAborted } from '../../concurrency/abort.ts'
import { TimeSlice } from '../../concurrency/time-slice.ts'
import type { DescriptorItems } from '../../descriptor-set/descriptor-set.ts'
import { CbirError } from '../../errors/cbir-error.ts'
import { rowOf } from '../../vectors/vector-batch.ts'
import type { OpenFile } from '../storage/file-system.ts'
import { toFileOrder } from './float-bytes.ts'
import {
  chainCrc,
  encodeBatchHeader,
  encodeRecordHead,
  MAX_ATTRIBUTE_BYTES,
  MAX_DIMENSIONS,
  MAX_UID_BYTES,
  OPERATION,
  RECORD_HEAD_BYTES,
} from './log-format.ts'

/** Bytes written by one operation, and checksummed between two looks at the clock. */
const PIECE = 1 << 20

/** Where the log ends, and what is known of it. */
export interface LogEnd {
  readonly size: number
  /** Bytes known to be on the device. */
  readonly durable: number
  /** The number of the last batch. */
  readonly sequence: number
}

/** Takes the records of one batch. */
export interface BatchRecords {
  /** Gives the position of the vector in the file. */
  add(uid: string, attributes: Uint8Array, vector: Float32Array): Promise<number>
  remove(uid: string): Promise<void>
  clear(): Promise<void>
  /** A record as it was read, head and checksum included; gives its position. */
  copy(record: Buffer): Promise<number>
}

/**
 * Writes one batch behind `end`, without bringing it to the device, and gives where the log ends then. What was written of a batch that fails
 * lies behind the end and must be cut off.
 * @throws CbirError IO_FAILED, ABORTED, and what `fill` throws
 */
export async function writeBatch(file: OpenFile, end: LogEnd, fill: (records: BatchRecords) => Promise<void>, options: CallOptions): Promise<LogEnd> {
  const { signal } = options
  const piece = Buffer.allocUnsafe(PIECE)
  const slice = new TimeSlice()
  let used = 0
  let written = end.size
  let chain = 0

  const flush = async (): Promise<void> => {
    await file.write(piece.subarray(0, used), written)
    written += used
    used = 0
  }
  const push = async (bytes: Uint8Array): Promise<void> => {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + PIECE - used)
      piece.set(part, used)
      used += part.length
      at += part.length
      if (used === PIECE) {
        await flush()
        throwIfAborted(signal)
      }
    }
  }
  const record = async (operation: number, a: number, b: number, c: number, body: readonly Uint8Array[]): Promise<void> => {
    let bodyBytes = 0
    for (const part of body) bodyBytes += part.length
    const head = encodeRecordHead(operation, a, b, c, bodyBytes)
    let crc = crc32(head.subarray(4))
    for (const part of body) {
      for (let at = 0; at < part.length; at += PIECE) {
        crc = crc32(part.subarray(at, at + PIECE), crc)
        if (slice.due()) await slice.pause()
      }
    }
    head.writeUInt32LE(crc, 0)
    await push(head)
    for (const part of body) await push(part)
    chain = chainCrc(chain, crc)
  }

  await push(encodeBatchHeader({ position: end.size, durable: end.durable, sequence: end.sequence + 1 }))
  await fill({
    async add(uid, attributes, vector) {
      const name = Buffer.from(uid)
      const position = written + used + RECORD_HEAD_BYTES + name.length + attributes.length
      await record(OPERATION.add, name.length, attributes.length, vector.length, [name, attributes, toFileOrder(vector)])
      return position
    },
    remove: (uid) => {
      const name = Buffer.from(uid)
      return record(OPERATION.remove, name.length, 0, 0, [name])
    },
    clear: () => record(OPERATION.clear, 0, 0, 0, []),
    async copy(bytes) {
      const position = written + used
      await push(bytes)
      chain = chainCrc(chain, bytes.readUInt32LE(0))
      return position
    },
  })
  await record(OPERATION.commit, chain, 0, 0, [])
  await flush()
  throwIfAborted(signal)
  return { size: written, durable: end.durable, sequence: end.sequence + 1 }
}

const HALF_PAIR = /\p{Surrogate}/u
const NO_ATTRIBUTES = new Uint8Array(0)

/**
 * Writes the rows of a batch; gives where each vector begins in the file, and how long its attributes are.
 * @throws CbirError INVALID_ARGUMENT for a uid, attributes or vector that the format cannot hold
 */
export async function writeRows(
  records: BatchRecords,
  { uids, vectors, attributes }: DescriptorItems,
): Promise<{ positions: Float64Array; attributeBytes: Uint32Array }> {
  if (vectors.dimensions > MAX_DIMENSIONS) {
    throw new CbirError('INVALID_ARGUMENT', `A vector may have at most ${MAX_DIMENSIONS} numbers here, got ${vectors.dimensions}.`)
  }
  const positions = new Float64Array(uids.length)
  const attributeBytes = new Uint32Array(uids.length)
  for (let i = 0; i < uids.length; i++) {
    const uid = uids[i]!
    const wellFormed = !HALF_PAIR.test(uid)
    if (!wellFormed || Buffer.byteLength(uid) > MAX_UID_BYTES) {
      const fault = wellFormed ? `is longer than ${MAX_UID_BYTES} bytes` : 'holds half of a surrogate pair, which has no form in UTF-8'
      throw new CbirError('INVALID_ARGUMENT', `The uid of row ${i} ${fault}. Give a shorter or well-formed one.`)
    }
    const facts = attributes?.[i]
    const json = facts === undefined ? NO_ATTRIBUTES : Buffer.from(JSON.stringify(facts))
    if (json.length > MAX_ATTRIBUTE_BYTES) {
      throw new CbirError(
        'INVALID_ARGUMENT',
        `The attributes of ${JSON.stringify(uid)} are longer than ${MAX_ATTRIBUTE_BYTES} bytes. Keep them small.`,
      )
    }
    positions[i] = await records.add(uid, json, rowOf(vectors, i))
    attributeBytes[i] = json.length
  }
  return { positions, attributeBytes }
}
