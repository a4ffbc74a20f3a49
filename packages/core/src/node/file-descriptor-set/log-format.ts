// The log of a FileDescriptorSet, byte by byte. All numbers are little-endian.
//
//   file header, 32 bytes   "CBIR" · version u32 · "file-descriptor-set\0" · CRC-32 of the 28 bytes before
//   batch                   batch header, records, a COMMIT record
//   batch header, 32 bytes  marker (8 bytes) · own position u64 · durable u64 · number of the batch u32 · CRC-32 of the 28 bytes before
//   record                  CRC-32 of all that follows in the record · bytes that follow this field u32 · operation u32 · a u32 · b u32 · c u32 · body
//     ADD     a = bytes of the uid, b = bytes of the attributes, c = dimensions; body: uid in UTF-8, attributes in JSON, float32 × dimensions
//     REMOVE  a = bytes of the uid; body: uid
//     CLEAR   nothing
//     COMMIT  a = CRC-32 over the CRCs of the batch's records
//
// A batch counts when its COMMIT is there: so it is whole or absent. `durable` says how much of the file was known to be on the device when
// the batch was begun. That tells a torn tail from damage: a batch that cannot be read may have been cut by a crash, unless a later batch says
// that it was on the device already. To find later batches the rest of the file is searched for the marker; header checksum and own position
// make sure that vector data which looks like one is not taken for one. The position and number of a batch also notice pieces that were moved;
// the checksum in COMMIT notices whole records that stayed from an earlier batch which had been taken back.

import { crc32 } from 'node:zlib'

export const FILE_HEADER_BYTES = 32
export const BATCH_HEADER_BYTES = 32
/** Checksum, length, operation, and three numbers. */
export const RECORD_HEAD_BYTES = 24
/** Longest uid and longest attributes, in bytes: bounds what a reader must hold in one piece. */
export const MAX_UID_BYTES: number = 1 << 16
export const MAX_ATTRIBUTE_BYTES: number = 1 << 20
/** Largest vector: its record's length must fit its field. */
export const MAX_DIMENSIONS: number = 1 << 28

export const OPERATION = { add: 1, remove: 2, clear: 3, commit: 4 } as const

export const BATCH_MARKER: Uint8Array = Uint8Array.of(0x8f, 0x43, 0x42, 0x61, 0x74, 0x63, 0x68, 0x1a)

const VERSION = 1
const KIND = 'CBIR\0\0\0\0file-descriptor-set\0'

function sealed(bytes: Buffer): Buffer {
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 28)), 28)
  return bytes
}

function isSealed(bytes: Buffer): boolean {
  return bytes.length === 32 && bytes.readUInt32LE(28) === crc32(bytes.subarray(0, 28))
}

export function encodeFileHeader(): Uint8Array {
  const bytes = Buffer.alloc(FILE_HEADER_BYTES)
  bytes.write(KIND, 'latin1')
  bytes.writeUInt32LE(VERSION, 4)
  return sealed(bytes)
}

/** The format version of a file that begins like ours; `undefined` for another file. */
export function fileVersion(bytes: Buffer): number | undefined {
  if (!isSealed(bytes)) return undefined
  const blank = Buffer.from(bytes)
  blank.writeUInt32LE(0, 4)
  return blank.toString('latin1', 0, 28) === KIND ? bytes.readUInt32LE(4) : undefined
}

/** Whether this version of the format is the one written here. */
export function isCurrentVersion(version: number): boolean {
  return version === VERSION
}

export interface BatchHeader {
  /** Where the batch begins in the file. */
  readonly position: number
  /** Bytes at the beginning of the file that were on the device when the batch was begun. */
  readonly durable: number
  /** 1 for the first batch of the file. */
  readonly sequence: number
}

export function encodeBatchHeader({ position, durable, sequence }: BatchHeader): Uint8Array {
  const bytes = Buffer.alloc(BATCH_HEADER_BYTES)
  bytes.set(BATCH_MARKER)
  bytes.writeBigUInt64LE(BigInt(position), 8)
  bytes.writeBigUInt64LE(BigInt(durable), 16)
  bytes.writeUInt32LE(sequence >>> 0, 24)
  return sealed(bytes)
}

/** The batch header at `position`, where these 32 bytes are one. */
export function decodeBatchHeader(bytes: Buffer, position: number): BatchHeader | undefined {
  if (!isSealed(bytes) || BATCH_MARKER.some((byte, i) => byte !== bytes[i])) return undefined
  const header = { position, durable: Number(bytes.readBigUInt64LE(16)), sequence: bytes.readUInt32LE(24) }
  return Number(bytes.readBigUInt64LE(8)) === position ? header : undefined
}

/** The fields of a record before its body. */
export interface RecordHead {
  readonly crc: number
  /** Bytes of the whole record. */
  readonly size: number
  readonly operation: number
  readonly a: number
  readonly b: number
  readonly c: number
}

export function decodeRecordHead(bytes: Buffer, at: number): RecordHead {
  return {
    crc: bytes.readUInt32LE(at),
    size: bytes.readUInt32LE(at + 4) + 8,
    operation: bytes.readUInt32LE(at + 8),
    a: bytes.readUInt32LE(at + 12),
    b: bytes.readUInt32LE(at + 16),
    c: bytes.readUInt32LE(at + 20),
  }
}

/** Bytes that a record with this head must have; `undefined` where the head is not one of ours. */
export function sizeOf({ operation, a, b, c }: RecordHead): number | undefined {
  if (operation === OPERATION.add) {
    const fits = a >= 1 && a <= MAX_UID_BYTES && b <= MAX_ATTRIBUTE_BYTES && c >= 1 && c <= MAX_DIMENSIONS
    return fits ? RECORD_HEAD_BYTES + a + b + 4 * c : undefined
  }
  if (operation === OPERATION.remove) return a >= 1 && a <= MAX_UID_BYTES && b === 0 && c === 0 ? RECORD_HEAD_BYTES + a : undefined
  if (operation === OPERATION.clear) return a === 0 && b === 0 && c === 0 ? RECORD_HEAD_BYTES : undefined
  return operation === OPERATION.commit && b === 0 && c === 0 ? RECORD_HEAD_BYTES : undefined
}

/** The head of a record whose body follows, its checksum not yet filled in. */
export function encodeRecordHead(operation: number, a: number, b: number, c: number, bodyBytes: number): Buffer {
  const bytes = Buffer.allocUnsafe(RECORD_HEAD_BYTES)
  bytes.writeUInt32LE(RECORD_HEAD_BYTES - 8 + bodyBytes, 4)
  bytes.writeUInt32LE(operation, 8)
  bytes.writeUInt32LE(a, 12)
  bytes.writeUInt32LE(b, 16)
  bytes.writeUInt32LE(c, 20)
  return bytes
}

const sum = Buffer.alloc(4)

/** The checksum of a batch's records, carried on over one more. */
export function chainCrc(chain: number, crc: number): number {
  sum.writeUInt32LE(crc, 0)
  return crc32(sum, chain)
}
